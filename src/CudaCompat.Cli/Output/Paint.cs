namespace CudaCompat.Cli.Output;

/// <summary>Colour that means something: red stops, yellow warns, green goes, grey is beside the point. Plain text where it is off.</summary>
internal readonly struct Paint(bool on)
{
    public string Bad(string text) => Wrap(text, "31");

    public string Warn(string text) => Wrap(text, "33");

    public string Good(string text) => Wrap(text, "32");

    public string Strong(string text) => Wrap(text, "1");

    public string Dim(string text) => Wrap(text, "2");

    private string Wrap(string text, string code) => on ? $"\e[{code}m{text}\e[0m" : text;
}
