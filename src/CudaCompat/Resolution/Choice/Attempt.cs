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

    /// <summary>The ways for a question, in order: native code before PTX; within each a toolkit of torch's own CUDA, then one of another, then one with faults that torch does not meet.</summary>
    public static IEnumerable<Attempt> For(Question question)
    {
        foreach (var cudnn in question.PinsBuild ? (Attempt[])[new("", Allowance.None), new(", be its cuDNN without the GPU", Allowance.CudnnWithoutTheGpu)] : [new("", Allowance.None)])
        {
            foreach (var code in question.Machine.Gpus is { Length: > 0 } ? (Attempt[])[new("native code", Allowance.None), new("PTX", Allowance.Ptx)] : [new("native code", Allowance.None)])
            {
                yield return new(code.Name + cudnn.Name, code.Allowed | cudnn.Allowed);
                if (question.ToolkitSpec is not null)
                    yield return new(code.Name + cudnn.Name + ", a toolkit of another CUDA", code.Allowed | cudnn.Allowed | Allowance.OtherToolkit);
                if (question.Torch && (question.ToolkitSpec ?? question.CudnnSpec) is not null)
                    yield return new(code.Name + cudnn.Name + ", a toolkit or cuDNN with a fault", code.Allowed | cudnn.Allowed | Allowance.OtherToolkit | Allowance.ToolkitFault);
            }
        }
    }
}
