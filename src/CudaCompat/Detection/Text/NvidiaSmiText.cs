namespace CudaCompat.Detection.Text;

/// <summary>Reads what nvidia-smi printed, in any of its forms and as people paste it. Pure: text in, facts or a named failure out; never throws on a text.</summary>
internal static class NvidiaSmiText
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
        result = WithTools(result, ToolOutputText.Parse(lines));
        if (!result.HasFacts && result.Tools is null)
            result = result with { Failure = FailureText.Parse(lines, "nvidia-smi") ?? Unrecognised(result.Forms) };
        return result with { ShowsWindows = result.ShowsWindows || FailureText.ShowsWindowsPrompt(lines) };
    }

    // The cards of lspci count where nvidia-smi names none.
    private static NvidiaSmiResult WithTools(NvidiaSmiResult result, ToolOutput tools)
    {
        if (!tools.HasFacts)
            return result;
        var cards = tools.Cards.Select((name, i) => new ListedGpu { Name = name, Position = i }).ToArray();
        return result with { Tools = tools, Gpus = result.Gpus ?? (cards.Length > 0 ? cards : null), CardsByProgram = result.Gpus is null && cards.Length > 0 };
    }

    private static DetectionFailure Unrecognised(NvidiaSmiForms forms) => forms == NvidiaSmiForms.None
        ? new DetectionFailure(
            DetectionFailure.Unrecognised,
            "Nothing of a machine or of its packages could be read from the text. Looked for: nvidia-smi in every form (table, -L, -q, -x, CSV), torch.utils.collect_env, pip list, pip show torch, conda list, nvcc -V, lspci.",
            "Paste the whole output of one of them, from its heading on.")
        : new DetectionFailure(
            DetectionFailure.Unrecognised,
            "The text looks like output of nvidia-smi or collect_env but names neither a driver nor a GPU: no driver is loaded where it was printed, or its top was cut off.",
            "Paste the whole output, from the line with the driver version on, or run it on the machine with the GPU.");
}
