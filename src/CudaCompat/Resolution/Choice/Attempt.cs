namespace CudaCompat.Resolution.Choice;

/// <summary>One way to choose: each is tried only where the ones before it find nothing at all.</summary>
/// <param name="Name">What it takes, for whoever debugs.</param>
/// <param name="Allowed">The warnings that do not keep a candidate out.</param>
internal sealed record Attempt(string Name, Allowance Allowed)
{
    /// <summary>True where only builds with native code for each GPU count.</summary>
    public bool NativeOnly => (Allowed & Allowance.Ptx) == 0;

    /// <summary>Everything allowed: what only an error stops.</summary>
    public static Attempt Last { get; } = new("anything without an error", (Allowance)~0);

    private static readonly Attempt[][] Known = [.. Enumerable.Range(0, 16).Select(kind => (Attempt[])[.. Of((kind & 1) != 0, (kind & 2) != 0, (kind & 4) != 0, (kind & 8) != 0)])];

    /// <summary>The ways for a question, in order: native code before PTX; within each a toolkit of torch's own CUDA, then one of another, then one with faults that torch does not meet.</summary>
    public static Attempt[] For(Question question)
    {
        var kind = question.PinsBuild ? 1 : 0;
        if (question.Machine.Gpus is { Length: > 0 })
            kind |= 2;
        if (question.ToolkitSpec is not null)
            kind |= 4;
        if (question.Torch && (question.ToolkitSpec ?? question.CudnnSpec) is not null)
            kind |= 8;
        return Known[kind];
    }

    private static IEnumerable<Attempt> Of(bool pinned, bool withGpus, bool namesToolkit, bool namesOther)
    {
        foreach (var cudnn in pinned ? (Attempt[])[new("", Allowance.None), new(", be its cuDNN without the GPU", Allowance.CudnnWithoutTheGpu)] : [new("", Allowance.None)])
        {
            foreach (var code in withGpus ? (Attempt[])[new("native code", Allowance.None), new("PTX", Allowance.Ptx)] : [new("native code", Allowance.None)])
            {
                yield return new(code.Name + cudnn.Name, code.Allowed | cudnn.Allowed);
                if (namesToolkit)
                    yield return new(code.Name + cudnn.Name + ", a toolkit of another CUDA", code.Allowed | cudnn.Allowed | Allowance.OtherToolkit);
                if (namesOther)
                    yield return new(code.Name + cudnn.Name + ", a toolkit or cuDNN with a fault", code.Allowed | cudnn.Allowed | Allowance.OtherToolkit | Allowance.ToolkitFault);
            }
        }
    }
}
