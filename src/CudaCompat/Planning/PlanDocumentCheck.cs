using System.Text.RegularExpressions;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;

namespace CudaCompat.Planning;

/// <summary>
/// Checks every field of a plan before anything looks at it further: a plan may come from anybody. What a field may hold is said here once;
/// whether its content is what the data says is the executor's question.
/// </summary>
internal static partial class PlanDocumentCheck
{
    private const int MostSteps = 10_000;
    private const int LongestText = 4096;
    private const long LargestFile = 1L << 48;

    private static readonly string[] ToolkitMethods = ["redist", "installer", "runfile", "apt", "dnf", "zypper", "conda", "pip"];
    private static readonly string[] CudnnMethods = ["redist", "archive", "apt", "dnf", "zypper", "conda", "pip"];
    private static readonly string[] PythonMethods = ["venv", "uv", "conda", "existing"];
    private static readonly string[] RepairMethods = ["install", "uninstall", "remove", "relink"];
    private static readonly string[] Scopes = ["user", "shell-file", "activate"];

    /// <summary>The variables that a plan may set. Others can make a shell or a program run something (BASH_ENV, LD_PRELOAD, PYTHONSTARTUP).</summary>
    private static readonly string[] Variables =
        ["PATH", "LD_LIBRARY_PATH", "LIBRARY_PATH", "CPATH", "CUDA_HOME", "CUDA_PATH", "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER"];

    /// <summary>Checks a plan.</summary>
    /// <exception cref="PlanDocumentException">A field holds what it may not; the message has its JSON path.</exception>
    public static void Check(InstallPlan plan)
    {
        if (plan.Steps.Count > MostSteps)
            throw Bad("$.steps", $"{plan.Steps.Count} steps are more than {MostSteps}.");
        if (plan.Compatibility is not ("full" or "minor" or "forward" or "cpu"))
            throw Bad("$.compatibility", $"'{Short(plan.Compatibility)}' is not known; expected one of full, minor, forward, cpu.");
        CheckVariables("$.environment", plan.Environment.Keys, plan.Environment.Values);
        for (var i = 0; i < plan.Steps.Count; i++)
            Step($"$.steps[{i}]", plan.Steps[i] ?? throw Bad($"$.steps[{i}]", "null is not a step."));
    }

    /// <summary>True for an https address; for http only on this machine itself, where nobody is in between.</summary>
    public static bool IsAddress(string? text) =>
        text is { Length: > 0 and <= LongestText } && text.All(c => c is > ' ' and < '\x7f')
        && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    /// <summary>True for the name of one file: no separators, no control characters, no device of Windows' own kind of names.</summary>
    public static bool IsFileName(string? text) =>
        text is { Length: > 0 and <= 255 } && text is not ("." or "..") && text[0] != '-' && IsPrintable(text) && text.IndexOfAny(['/', '\\', ':', '"', '<', '>', '|', '?', '*']) < 0;

    /// <summary>True for a folder that every part of a run and every script can write down.</summary>
    public static bool IsFolder(string text) => text.Length <= LongestText && IsPrintable(text) && !text.Contains('"', StringComparison.Ordinal)
        && text is not ['-', ..] && text.Split('/', '\\').All(p => p.Length <= 255);

    /// <summary>True for a checksum of a kind that is known, with its digits.</summary>
    public static bool IsChecksum(Checksum sum) => sum is { Kind: "sha256", Value.Length: 64 } or { Kind: "md5", Value.Length: 32 } && sum.Value.All(char.IsAsciiHexDigit);

    private static void Step(string path, InstallStep step)
    {
        Printable(path + ".component", step.Component, 64);
        if (step.Component.Length == 0)
            throw Bad(path + ".component", "an empty name says nothing.");
        if (step.Version is { } version && !Version().IsMatch(version))
            throw Bad(path + ".version", $"'{Short(version)}' is no version.");
        Address(path + ".url", step.Url);
        if (step.FileName is not null && !IsFileName(step.FileName))
            throw Bad(path + ".fileName", $"'{Short(step.FileName)}' is not a file name.");
        if (step.FileName is null && step.Url is { } url && step is DownloadStep && !IsFileName(Path.GetFileName(new Uri(url).LocalPath)))
            throw Bad(path + ".fileName", "is missing, and the address has no file name either.");
        // The reader made at compile time hands null to a field that is missing.
        if (step.Checksum is { } part && (part.Kind is null || part.Value is null))
            throw Bad(path + ".checksum", "needs a kind and a value.");
        if (step.Checksum is { } sum && !IsChecksum(sum))
            throw Bad(path + ".checksum", $"'{Short(sum.Kind)}' with {sum.Value.Length} signs is no checksum; expected sha256 with 64 hexadecimal digits, or md5 with 32.");
        if (step.Size is < 0 or > LargestFile)
            throw Bad(path + ".size", $"{step.Size} bytes is no size of a file.");
        foreach (var (word, i) in (step.Command ?? []).Select((w, i) => (w, i)))
            Printable($"{path}.command[{i}]", word, LongestText);
        switch (step)
        {
            case DownloadStep download:
                All(path + ".mirrors", download.Mirrors, Address);
                if (download.Url is null)
                    throw Bad(path + ".url", "a download without an address brings nothing.");
                break;
            case ToolkitStep toolkit:
                OneOf(path + ".method", toolkit.Method, ToolkitMethods);
                Folder(path + ".prefix", toolkit.Prefix);
                All(path + ".archives", toolkit.Archives, FileNameAt);
                All(path + ".components", toolkit.Components, toolkit.Method == "pip" ? Requirement : Package);
                Pip(path, toolkit.Method, toolkit.Prefix, toolkit.Pip);
                break;
            case CudnnStep cudnn:
                OneOf(path + ".method", cudnn.Method, CudnnMethods);
                Folder(path + ".prefix", cudnn.Prefix);
                All(path + ".components", cudnn.Components, cudnn.Method == "pip" ? Requirement : Package);
                Pip(path, cudnn.Method, cudnn.Prefix, cudnn.Pip);
                break;
            case PythonStep python:
                OneOf(path + ".method", python.Method, PythonMethods);
                Folder(path + ".environment", python.Environment);
                break;
            case TorchStep torch:
                Torch(path, torch);
                break;
            case EnvironmentStep environment:
                OneOf(path + ".scope", environment.Scope, Scopes);
                CheckVariables(path + ".set", environment.Set.Keys, environment.Set.Values);
                CheckVariables(path + ".prepend", environment.Prepend.Keys, environment.Prepend.Values.SelectMany(v => v ?? throw Bad(path + ".prepend", "null is not a list of folders.")));
                break;
            case RepairStep repair:
                Repair(path, repair);
                break;
            case VerifyStep verify:
                All(path + ".checks", verify.Checks, (at, check) =>
                {
                    if (!CheckName().IsMatch(check))
                        throw Bad(at, $"'{Short(check)}' is not the name of a check.");
                });
                break;
            default:
                break;
        }

        if (StepCommand.Refuse(step) is { } reason)
            throw Bad(path + ".command", reason);
    }

    // Links are made in the prefix, so it lies where the packages go, and what they name lies in it.
    private static void Pip(string path, string method, string? prefix, PipPlace? place)
    {
        if (method != "pip" != place is null)
            throw Bad(path + ".pip", method == "pip" ? "is missing: the environment that the packages go into." : $"says where pip installs, and the method is {method}.");
        if (place is null)
            return;
        Folder(path + ".pip.environment", place.Environment);
        Address(path + ".pip.indexUrl", place.IndexUrl);
        if (prefix is null || place.Environment.Length == 0 || !prefix.StartsWith(place.Environment.TrimEnd('/', '\\'), StringComparison.Ordinal)
            || prefix[place.Environment.TrimEnd('/', '\\').Length..] is not ['/' or '\\', ..] || prefix.Split('/', '\\').Contains(".."))
            throw Bad(path + ".prefix", "packages lie inside their environment.");
        foreach (var name in (place.Links ?? new Dictionary<string, string>()).SelectMany(l => new[] { l.Key, l.Value }).Append(place.LinkerNames ?? "lib"))
        {
            if (!IsFileName(name))
                throw Bad(path + ".pip", $"'{Short(name)}' is not the name of a folder.");
        }
    }

    private static void Requirement(string path, string text)
    {
        if (!Exact().IsMatch(text))
            throw Bad(path, $"'{Short(text)}' is no exact requirement (name==version).");
    }

    private static void Torch(string path, TorchStep torch)
    {
        OneOf(path + ".method", torch.Method, PlanRequest.Packagings);
        Folder(path + ".environment", torch.Environment);
        Address(path + ".indexUrl", torch.IndexUrl);
        All(path + ".extraIndexUrls", torch.ExtraIndexUrls, Address);
        All(path + ".findLinks", torch.FindLinks, Address);
        All(path + ".mirrors", torch.Mirrors, Address);
        All(path + ".channels", torch.Channels, Channel);
        var conda = torch.Method is "conda" or "conda-forge";
        All(path + ".requirements", torch.Requirements, (at, requirement) =>
        {
            if (!(conda ? Spec().IsMatch(requirement) : Exact().IsMatch(requirement)))
                throw Bad(at, $"'{Short(requirement)}' is no {(conda ? "conda package" : "exact requirement (name==version)")}.");
        });
        All(path + ".bounds", torch.Bounds ?? [], (at, bound) =>
        {
            if (conda || !Bound().IsMatch(bound))
                throw Bad(at, $"'{Short(bound)}' is no bound of a version (numpy<2).");
        });
        for (var i = 0; i < torch.Files.Count; i++)
        {
            var at = $"{path}.files[{i}]";
            var file = torch.Files[i] ?? throw Bad(at, "null is not a file.");
            FileNameAt(at + ".name", file.Name);
            Address(at + ".url", file.Url ?? throw Bad(at + ".url", "a file has an address."));
            if (file.Sha256 is { } sha && !IsChecksum(new Checksum("sha256", sha)))
                throw Bad(at + ".sha256", "expected 64 hexadecimal digits.");
        }
    }

    private static void Repair(string path, RepairStep repair)
    {
        OneOf(path + ".method", repair.Method, RepairMethods);
        Folder(path + ".environment", repair.Environment ?? throw Bad(path + ".environment", "a repair is of one environment."));
        Address(path + ".indexUrl", repair.IndexUrl);
        All(path + ".requirements", repair.Requirements, (at, requirement) =>
        {
            if (repair.Method == "uninstall" ? !PackageName().IsMatch(requirement) : !Ranged().IsMatch(requirement))
                throw Bad(at, $"'{Short(requirement)}' is no {(repair.Method == "uninstall" ? "name of a package" : "requirement (name, or name and versions)")}.");
        });
        All(path + ".paths", repair.Paths, (at, folder) =>
        {
            Folder(at, folder);
            if (!Leftover().IsMatch(Path.GetFileName(folder)))
                throw Bad(at, $"'{Short(folder)}' is nothing that an interrupted install leaves (~name, name-version.dist-info).");
        });
    }

    private static void CheckVariables(string path, IEnumerable<string> names, IEnumerable<string> values)
    {
        foreach (var name in names)
        {
            if (!Variables.Contains(name) && !VersionedVariable().IsMatch(name))
                throw Bad($"{path}.{Short(name)}", $"a plan may not set this variable; expected one of {string.Join(", ", Variables)}, CUDA_PATH_V<X>_<Y>, CUDNN_*.");
        }

        foreach (var value in values)
        {
            Printable(path, value, LongestText);
            if (value.Contains('"', StringComparison.Ordinal))
                throw Bad(path, "a value with a double quote cannot be written for every shell.");
        }
    }

    private static void All(string path, IReadOnlyList<string> texts, Action<string, string> check)
    {
        for (var i = 0; i < texts.Count; i++)
            check($"{path}[{i}]", texts[i] ?? throw Bad($"{path}[{i}]", "null is not a text."));
    }

    private static void Address(string path, string? text)
    {
        if (text is not null && !IsAddress(text))
            throw Bad(path, $"'{Short(Processes.SecretText.Mask(text))}' is not an https address.");
    }

    private static void FileNameAt(string path, string text)
    {
        if (!IsFileName(text))
            throw Bad(path, $"'{Short(text)}' is not a file name.");
    }

    private static void Channel(string path, string text)
    {
        if (text.Contains("://", StringComparison.Ordinal) ? !IsAddress(text) : !ChannelName().IsMatch(text))
            throw Bad(path, $"'{Short(text)}' is neither the name of a channel nor an https address.");
    }

    private static void Package(string path, string text)
    {
        if (!Spec().IsMatch(text))
            throw Bad(path, $"'{Short(text)}' is not the name of a package.");
    }

    // Where a folder lies is this machine's matter; here only that it is one name that every part of a run can write down.
    private static void Folder(string path, string? text)
    {
        if (text is null)
            return;
        Printable(path, text, LongestText);
        if (!IsFolder(text))
            throw Bad(path, $"'{Short(text)}' is not a folder that a plan may name.");
    }

    private static void Printable(string path, string? text, int longest)
    {
        if (text is null)
            throw Bad(path, "null is not a text.");
        if (text.Length > longest)
            throw Bad(path, $"{text.Length} characters are more than {longest}.");
        if (!IsPrintable(text))
            throw Bad(path, $"'{Short(text)}' has a character that cannot be shown.");
    }

    private static bool IsPrintable(string text) => Processes.VisibleText.IsPlain(text);

    private static void OneOf(string path, string? value, IReadOnlyList<string> accepted)
    {
        if (!accepted.Contains(value))
            throw Bad(path, $"'{Short(value)}' is not known; expected one of {string.Join(", ", accepted)}.");
    }

    private static string Short(string? text) => Processes.VisibleText.Of(text is null ? "null" : text.Length > 80 ? text[..80] + "…" : text);

    private static PlanDocumentException Bad(string path, string message) => new(path, message);

    [GeneratedRegex(@"^[0-9A-Za-z][0-9A-Za-z.+_!-]{0,63}\z", RegexOptions.None, 1000)]
    private static partial Regex Version();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9._-]{0,99}==[A-Za-z0-9.+!_-]{1,99}\z", RegexOptions.None, 1000)]
    private static partial Regex Exact();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9._-]{0,99}(?:<|<=|>=)[0-9][0-9.]{0,19}\z", RegexOptions.None, 1000)]
    private static partial Regex Bound();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z", RegexOptions.None, 1000)]
    private static partial Regex PackageName();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?:(?:===?|~=|!=|<=?|>=?)[0-9A-Za-z.+!*_-]{1,60}(?:,(?=[=~!<>]))?){0,20}\z", RegexOptions.None, 1000)]
    private static partial Regex Ranged();

    [GeneratedRegex(@"^(?:~.{1,200}|.{1,200}\.(?:dist|egg)-info)\z", RegexOptions.None, 1000)]
    private static partial Regex Leftover();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._+:~^-]{0,99}(?:[=<>!~|,*][A-Za-z0-9._+!=<>~|,*-]{0,99})?\z", RegexOptions.None, 1000)]
    private static partial Regex Spec();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}\z", RegexOptions.None, 1000)]
    private static partial Regex ChannelName();

    [GeneratedRegex(@"^[a-z][a-z-]{0,31}\z", RegexOptions.None, 1000)]
    private static partial Regex CheckName();

    [GeneratedRegex(@"^(?:CUDA_PATH_V[0-9]{1,3}_[0-9]{1,3}|CUDNN_[A-Z0-9_]{1,60})\z", RegexOptions.None, 1000)]
    private static partial Regex VersionedVariable();
}
