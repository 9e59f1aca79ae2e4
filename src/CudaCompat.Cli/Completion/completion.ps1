# PowerShell completion of cudacompat: cudacompat completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName cudacompat -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -le $cursorPosition } | ForEach-Object { $_.Extent.Text.Trim('"', "'") })
    # An empty word stands for the one not begun yet; older PowerShell drops empty arguments, so it is said otherwise.
    if ($wordToComplete -eq '') { $found = cudacompat suggest --next -- @words }
    else { $found = cudacompat suggest -- @words }
    $found | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
