namespace CudaCompat.Detection.Text;

/// <summary>Reads what nvidia-smi printed, in any of its forms and as people paste it. Pure: text in, facts or a named failure out; never throws on a text.</summary>
public static class NvidiaSmiText
{
    /// <summary>The facts in <paramref name="text"/>; where there are none, <see cref="NvidiaSmiResult.Failure"/> says what the text is instead.</summary>
    public static NvidiaSmiResult Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = PastedText.Lines(text);
        var result = new NvidiaSmiResult();

        // The richer form goes first: what it states is not overruled by the others, which only fill gaps.
        result = result.Or(SmiXmlText.Parse(lines));
        result = result.Or(SmiQueryText.Parse(lines));
        result = result.Or(SmiTableText.Parse(lines));
        result = result.Or(SmiVersionText.Parse(lines));
        result = result.Or(SmiListText.Parse(lines));
        result = result.Or(SmiCsvText.Parse(lines, headingOnly: result.HasFacts));
        result = result.Or(KernelModuleText.ParseResult(lines));
        result = result.Or(CollectEnvText.ParseResult(lines));
        if (!result.HasFacts)
            result = result with { Failure = FailureText.Parse(lines, "nvidia-smi") ?? Unrecognised(result.Forms) };
        return result with { ShowsWindows = result.ShowsWindows || FailureText.ShowsWindowsPrompt(lines) };
    }

    private static DetectionFailure Unrecognised(NvidiaSmiForms forms) => forms == NvidiaSmiForms.None
        ? new DetectionFailure(
            DetectionFailure.Unrecognised,
            "The text is no output of nvidia-smi that could be recognised.",
            "Paste the whole output of nvidia-smi, from its heading on; nvidia-smi -q is read as well.")
        : new DetectionFailure(
            DetectionFailure.Unrecognised,
            "The text looks like output of nvidia-smi but names neither a driver nor a GPU.",
            "Paste the whole output, from the line with the driver version on.");
}
