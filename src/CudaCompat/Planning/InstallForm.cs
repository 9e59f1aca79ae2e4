using System.Globalization;
using System.Text;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Planning;

/// <summary>
/// Upstream's command of the era for one chosen stack, taken apart: the program, the packages, and the options that say where they come from.
/// </summary>
internal sealed class InstallForm
{
    private InstallForm(InstallFormRow row, List<string> program, List<string> packages, List<string> options)
    {
        Row = row;
        Program = program;
        Packages = packages;
        Options = options;
    }

    /// <summary>The row it comes from.</summary>
    public InstallFormRow Row { get; }

    /// <summary>pip install, conda install.</summary>
    public IReadOnlyList<string> Program { get; }

    /// <summary>torch==2.3.0, cudatoolkit=11.0.</summary>
    public IReadOnlyList<string> Packages { get; }

    /// <summary>--index-url …, -c pytorch.</summary>
    public IReadOnlyList<string> Options { get; }

    /// <summary>conda: the channels named by -c.</summary>
    public IEnumerable<string> Channels => Options.Where((_, i) => i > 0 && Options[i - 1] == "-c");

    /// <summary>True where the default index takes part beside PyTorch's (or is alone), so that dependencies come from it.</summary>
    public bool UsesDefaultIndex => !Row.Command.Contains("--index-url", StringComparison.Ordinal);

    /// <summary>The form for a stack, or null where it has no torch or no row is for it.</summary>
    public static InstallForm? For(ChosenStack chosen)
    {
        if (!chosen.Wants(ComponentNames.Torch) || chosen.Torch is not { } torch || chosen.Stack.Torch is not { } version)
            return null;
        var tag = chosen.Stack.CudaTag ?? torch.Tag ?? default;
        var os = chosen.Machine.OperatingSystem;
        var row = chosen.Data.Forms.FirstOrDefault(r =>
            r.Packaging == torch.Packaging
            && version.IsWithin(r.From, r.To)
            && (r.Cpu is not { } cpu || cpu == tag.IsCpu)
            && (r.Tags is null || r.Tags.Contains(tag))
            && (r.Os is null || r.Os.Contains(os))
            && (r.Default is not { } isDefault || isDefault == torch.Default)
            && (r.Label is not { } label || label == torch.Label));
        if (row is null)
            return null;

        List<string> program = [], packages = [], options = [];
        foreach (var word in row.Command.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Fill(word, chosen, tag) is not { } filled)
                continue;
            if (options.Count > 0 || filled.StartsWith('-'))
                options.Add(filled);
            else if (program.Count < 2)
                program.Add(filled);
            else
                packages.Add(filled);
        }

        // A companion without a label, of which each folder has its own (torchvision 0.8.0): only its folder tells it apart.
        if (row.Command.Contains("+{tag}", StringComparison.Ordinal) && chosen.Wants(ComponentNames.Torchvision) && chosen.Torchvision is { Tag: not null, Label: false })
            options = ["--index-url", IndexUrl(chosen.Data.Place("wheels"), torch, tag)];
        return new InstallForm(row, program, packages, options);
    }

    /// <summary>The word with its fields filled in; null where it is left out.</summary>
    private static string? Fill(string word, ChosenStack chosen, Versions.CudaTag tag)
    {
        if (!word.Contains('{', StringComparison.Ordinal))
            return word;
        if (word == "{requires}")
            return chosen.Torch!.Requires;
        var build = chosen.Torch;
        if (word.Contains("{torchvision}", StringComparison.Ordinal))
        {
            if (!chosen.Wants(ComponentNames.Torchvision))
                return null;
            build = chosen.Torchvision;
        }
        else if (word.Contains("{torchaudio}", StringComparison.Ordinal))
        {
            if (!chosen.Wants(ComponentNames.Torchaudio))
                return null;
            build = chosen.Torchaudio;
        }

        // No label is named that no file has.
        if (build is { Label: false })
            word = word.Replace("+{tag}", "", StringComparison.Ordinal);
        var text = new StringBuilder();
        for (var open = word.IndexOf('{', StringComparison.Ordinal); open >= 0; open = word.IndexOf('{', StringComparison.Ordinal))
        {
            var close = word.IndexOf('}', StringComparison.Ordinal);
            text.Append(word, 0, open).Append(Field(word[(open + 1)..close], chosen, tag));
            word = word[(close + 1)..];
        }

        return text.Append(word).ToString();
    }

    private static string Field(string name, ChosenStack chosen, Versions.CudaTag tag) => name switch
    {
        "torch" => chosen.Stack.Torch.ToString()!,
        "torchvision" => chosen.Stack.Torchvision.ToString()!,
        "torchaudio" => chosen.Stack.Torchaudio.ToString()!,
        "tag" => tag.ToString(),
        "cuda" => tag.Cuda?.ToString() ?? "",
        "digits" => tag.Cuda is { } cuda ? string.Create(CultureInfo.InvariantCulture, $"{cuda.Major}{cuda.Minor}") : "",
        "wheels" => chosen.Data.Place("wheels"),
        "index" => IndexUrl(chosen.Data.Place("wheels"), chosen.Torch!, tag),
        _ => throw new DataFormatException($"curated/install-forms.json: there is no field '{name}'."),
    };

    /// <summary>The index in which a build lies.</summary>
    public static string IndexUrl(string wheels, BuildRow build, Versions.CudaTag tag) =>
        (build.Index ?? tag.ToString()) is { Length: > 0 } folder ? wheels + "/" + folder : wheels;
}
