namespace CudaCompat.Versions.Spelling;

/// <summary>
/// How the values of one field are spelt by the programs that print them and by the people who type them. One reader a field, for flags,
/// documents and pasted text alike; the forms themselves are rows of data/curated/spellings.json.
/// </summary>
internal sealed class FieldSpelling
{
    private const int MaximumLength = 256;
    private const string EveryField = "*";

    private readonly string _forms;
    private readonly string _called;
    private readonly string _expected;
    private readonly Predicate<string> _isPlain;
    private readonly Predicate<string> _isValue;

    /// <summary>Makes the reader of a field.</summary>
    /// <param name="name">The field as documents spell it.</param>
    /// <param name="forms">The field of the forms.</param>
    /// <param name="called">What is put before a value in a sentence: "driver".</param>
    /// <param name="expected">What is accepted, with an example.</param>
    /// <param name="isValue">True for a text that the strict reader takes.</param>
    /// <param name="isPlain">True for a text that can be nothing else; by default what the strict reader takes.</param>
    private FieldSpelling(string name, string forms, string called, string expected, Predicate<string> isValue, Predicate<string>? isPlain = null)
    {
        Name = name;
        _forms = forms;
        _called = called;
        _expected = expected;
        _isValue = isValue;
        _isPlain = isPlain ?? isValue;
    }

    public static readonly FieldSpelling Toolkit = new("toolkit", "toolkit", "CUDA toolkit ", "a CUDA toolkit such as 12.8 or 12.8.1", t => CudaVersion.TryParse(t, out _) || IsMajor(t), t => CudaVersion.TryParse(t, out _));

    public static readonly FieldSpelling CudaTag = new("cudaTag", "cudaTag", "", "a CUDA version (12.8), a tag (cu128) or cpu", t => Versions.CudaTag.TryParse(t, out var tag) && tag.Cuda is not { Major: > 99 }, t => Versions.CudaTag.TryParse(t, out var tag) && (tag.IsCpu || tag is { IsSeries: false, Cuda.Major: >= 5 and < 100 }));

    public static readonly FieldSpelling MaxCuda = new("maxCuda", "maxCuda", "CUDA ", "a CUDA version such as 12.8", t => CudaVersion.TryParse(t, out _));

    public static readonly FieldSpelling Cudnn = new("cudnn", "cudnn", "cuDNN ", "a cuDNN version such as 9.10.2", IsNumber);

    public static readonly FieldSpelling ComputeCapability = new("computeCapability", "computeCapability", "compute capability ", "a compute capability such as 8.6", t => Versions.ComputeCapability.TryParse(t, out _));

    public static readonly FieldSpelling Torch = Package("torch");

    public static readonly FieldSpelling Torchvision = Package("torchvision");

    public static readonly FieldSpelling Torchaudio = Package("torchaudio");

    public static readonly FieldSpelling Driver = new("driver", "driver", "driver ", "a driver version such as 550.54.15", t => DriverVersion.TryParse(t, out _), t => DriverVersion.TryParse(t, out var v) && v.Branch >= 100);

    public static readonly FieldSpelling Python = new("python", "python", "Python ", "a Python version such as 3.11 or 3.13t", t => PythonVersion.TryParse(t, out _));

    public static readonly FieldSpelling Gcc = new("gcc", "gcc", "gcc ", "a version of gcc such as 11.4", IsNumber);

    public static readonly FieldSpelling Clang = new("clang", "clang", "clang ", "a version of clang such as 14.0.6", IsNumber);

    public static readonly FieldSpelling Glibc = new("glibc", "glibc", "glibc ", "a version of glibc such as 2.35", IsNumber);

    public static readonly FieldSpelling Msvc = new("msvc", "msvc", "MSVC ", "a version of the MSVC compiler such as 19.38", IsNumber, t => DottedVersion.TryParse(t, out var v) && v is { Major: 19 or 18, Parts: > 1 });

    /// <summary>The operating system; the values are the document names.</summary>
    public static readonly FieldSpelling OperatingSystem = Names("os", "linux", "windows", "wsl", "macos");

    /// <summary>The processor.</summary>
    public static readonly FieldSpelling Architecture = Names("arch", "x86_64", "aarch64");

    /// <summary>The packaging of an environment.</summary>
    public static readonly FieldSpelling Packaging = Names("packaging", "pip", "conda", "conda-forge");

    /// <summary>The program that installs a plan.</summary>
    public static readonly FieldSpelling Installer = new("packaging", "packaging", "", "one of pip, uv, conda, conda-forge", t => t is "pip" or "uv" or "conda" or "conda-forge");

    /// <summary>A component of a request.</summary>
    public static readonly FieldSpelling Component = Names("component", "toolkit", "cudnn", "torch", "torchvision", "torchaudio");

    /// <summary>The field as documents spell it.</summary>
    public string Name { get; }

    /// <summary>The text that the strict reader of the field takes; null where the text says that the value is not known.</summary>
    /// <param name="text">What was given.</param>
    /// <param name="notes">Where it is told what a form was taken for.</param>
    /// <exception cref="VersionFormatException">The text has no meaning here, or more than one.</exception>
    public string? Read(string text, ReadingNotes? notes = null)
    {
        if (_isPlain(text))
            return text;
        var trimmed = text.Trim(' ', '\t', '\r', '\n', '"', '\'', '`', ',', ';');
        if (trimmed.Length is 0 or > MaximumLength)
            throw VersionFormatException.For(_expected, text);
        if (_isPlain(trimmed))
            return trimmed;
        var value = Form(trimmed, text, _forms, notes) ?? (_isValue(trimmed) ? trimmed : Form(trimmed, text, EveryField, notes));
        return value switch
        {
            null => throw VersionFormatException.For(_expected, text),
            "" => null,
            _ => value,
        };
    }

    /// <summary>The same for a text that may have no meaning.</summary>
    public bool TryRead(string? text, out string? value)
    {
        value = null;
        try
        {
            value = text is null ? null : Read(text);
            return value is not null;
        }
        catch (VersionFormatException)
        {
            return false;
        }
    }

    /// <summary>The value of the field's type; null where the text says that it is not known.</summary>
    /// <exception cref="VersionFormatException">The text has no meaning here, or more than one.</exception>
    public T? Parse<T>(string text, ReadingNotes? notes = null)
        where T : struct, IVersionText<T> => Read(text, notes) is { } value ? T.Parse(value) : null;

    /// <summary>What a form of another list makes of a text; null where none fits, "" where it says that nothing is known or asked.</summary>
    /// <exception cref="VersionFormatException">The form is one that is refused.</exception>
    public string? FormOf(string forms, string text, ReadingNotes? notes) =>
        text.Length > MaximumLength || _isPlain(text) ? null : Form(text.Trim(), text, forms, notes);

    private string? Form(string trimmed, string given, string field, ReadingNotes? notes)
    {
        foreach (var form in SpellingForms.Of(field))
        {
            if (form.Match(trimmed) is not { Success: true } match)
                continue;
            if (form.Refuse is { } sentence)
                throw VersionFormatException.Refused(_expected, given, match.Result(sentence));
            var value = match.Result(form.As!);
            if (field == EveryField && value.Length > 0)
                value = _isPlain(value) ? value : Form(value, given, _forms, notes: null);
            if (value is null || value.Length > 0 && !_isValue(value))
                continue;
            if (!form.Plain)
                notes?.Add(ReadingNote.Of(Name, given, form.Says is { } says ? SubjectOf(says) + match.Result(says) : _called + value, form.Because));
            return value;
        }

        return null;
    }

    private string SubjectOf(string says) => says.StartsWith("version ", StringComparison.Ordinal) ? Name + " " : "";

    private static FieldSpelling Package(string name) => new(
        name, "package", name + " ", $"a version of {name} such as 2.8.0 or 2.8.0+cu128", t => PackageVersion.TryParse(t, out _), t => PackageVersion.TryParse(t, out var version) && version.Label is not { } label || IsForeignLabel(t));

    private static FieldSpelling Names(string name, params string[] names) => new(name, name, "", "one of " + string.Join(", ", names), t => names.Contains(t, StringComparer.Ordinal));

    // A label that names no CUDA (git1a2b3c, 5228986c39.nv25.05) is a part of the version and nothing to be told of.
    private static bool IsForeignLabel(string text) => PackageVersion.TryParse(text, out var version) && version.Label is { } label && label != "cpu" && !label.StartsWith("cu", StringComparison.Ordinal);

    private static bool IsNumber(string text) => DottedVersion.TryParse(text, out var version) && version.Major < 100;

    private static bool IsMajor(string text) => int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var major) && major is > 0 and < 100;
}
