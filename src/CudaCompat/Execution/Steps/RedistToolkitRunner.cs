using System.Text.Json;
using CudaCompat.Execution.Archives;
using CudaCompat.Execution.Journals;
using CudaCompat.Planning;

namespace CudaCompat.Execution.Steps;

/// <summary>
/// Merges redistributable archives into a folder of the user's choice: no administrator, no driver. The archives bring no version.json;
/// it is written last, in the shape of the installers' own, so it also says that the toolkit is complete.
/// </summary>
internal sealed class RedistToolkitRunner : IStepRunner
{
    private const string VersionFile = "version.json";

    public string Describe(InstallStep step, StepContext context) =>
        $"merge {Archives(step).Count} archives of the CUDA toolkit {step.Version} into {Prefix(step)}";

    public Task<string?> FindDoneAsync(InstallStep step, StepContext context)
    {
        var prefix = Prefix(step);
        if (ReadVersions(prefix) is not { } there || there.GetValueOrDefault("cuda") != step.Version)
            return Task.FromResult<string?>(null);
        var wanted = Wanted(step);
        var complete = wanted.All(c => there.GetValueOrDefault(c.Name) == c.Version) && (!wanted.Any(c => c.IsCompiler) || NvccOf(prefix) is not null);
        return Task.FromResult(complete ? $"{prefix} holds the CUDA toolkit {step.Version} with these components" : null);
    }

    public async Task<string> RunAsync(InstallStep step, StepContext context)
    {
        var prefix = Prefix(step);
        if (ReadVersions(prefix)?.GetValueOrDefault("cuda") is { } other && other != step.Version)
            throw new StepFailedException($"{prefix} holds the CUDA toolkit {other}; two toolkits are never mixed in one folder.", "choose another folder with --prefix.");
        var archives = Archives(step);
        context.CreateFolders(prefix);
        using var staging = await Staging.UnpackAsync(archives, prefix, step, context).ConfigureAwait(false);
        var files = 0;
        for (var i = 0; i < archives.Count; i++)
            files += TreeMerge.Merge(archives[i], staging.Contents[i], prefix, context, path => path);
        AddLib64(prefix, staging, context);
        WriteVersions(step, prefix, context);
        staging.Dispose();
        DurableFiles.FlushFileSystem(prefix);
        if (Wanted(step).Any(c => c.IsCompiler) && NvccOf(prefix) is null)
            throw new StepFailedException($"nvcc is not in {prefix} after the merge.", "the archives are not what the plan says; make the plan anew.");
        return $"{files} files from {archives.Count} archives in {prefix}";
    }

    /// <summary>nvcc of a toolkit folder, null where there is none.</summary>
    internal static string? NvccOf(string prefix) =>
        new[] { "bin/nvcc", "bin/nvcc.exe" }.Select(n => Path.Combine(prefix, n)).FirstOrDefault(File.Exists);

    private static string Prefix(InstallStep step) => ((ToolkitStep)step).Prefix is { } prefix
        ? Path.GetFullPath(prefix)
        : throw new StepFailedException("the plan names no folder for the toolkit.", "give one with --prefix.");

    private static IReadOnlyList<string> Archives(InstallStep step) => ((ToolkitStep)step).Archives is { Count: > 0 } archives
        ? archives
        : throw new StepFailedException("the plan names no archives for the toolkit.", "make the plan anew; this one is incomplete.");

    // <component>-<platform>-<version>-archive.<form>; the platform holds a '-' too (linux-x86_64).
    private static List<(string Name, string Version, bool IsCompiler)> Wanted(InstallStep step)
    {
        var wanted = new List<(string, string, bool)>();
        foreach (var archive in Archives(step))
        {
            var parts = archive.Split("-archive.")[0].Split('-');
            var name = parts[0];
            wanted.Add((name, parts.Length >= 4 ? parts[^1] : step.Version ?? "", name.EndsWith("nvcc", StringComparison.Ordinal)));
        }

        return wanted;
    }

    private static Dictionary<string, string>? ReadVersions(string prefix)
    {
        try
        {
            var versions = new Dictionary<string, string>(StringComparer.Ordinal);
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(prefix, VersionFile)));
            foreach (var component in document.RootElement.EnumerateObject())
            {
                if (component.Value.ValueKind == JsonValueKind.Object && component.Value.TryGetProperty("version", out var version))
                    versions[component.Name] = version.ToString();
            }

            return versions;
        }
        catch (Exception e) when (e is IOException or JsonException or InvalidOperationException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void WriteVersions(InstallStep step, string prefix, StepContext context)
    {
        var versions = new SortedDictionary<string, string>(ReadVersions(prefix) ?? [], StringComparer.Ordinal);
        foreach (var (name, version, _) in Wanted(step))
            versions[name] = version;
        versions.Remove("cuda");
        using var content = new MemoryStream();
        using (var writer = new Utf8JsonWriter(content, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            WriteComponent(writer, "cuda", "CUDA SDK", step.Version ?? "");
            foreach (var (name, version) in versions)
                WriteComponent(writer, name, name, version);
            writer.WriteEndObject();
        }

        content.WriteByte((byte)'\n');
        context.ReplaceFile(Path.Combine(prefix, VersionFile), content.ToArray());
    }

    private static void WriteComponent(Utf8JsonWriter writer, string key, string name, string version)
    {
        writer.WriteStartObject(key);
        writer.WriteString("name", name);
        writer.WriteString("version", version);
        writer.WriteEndObject();
    }

    // nvcc and PyTorch's extension builder look in lib64 on Linux; the archives only have lib.
    private static void AddLib64(string prefix, Staging staging, StepContext context)
    {
        if (staging.IsForWindows || !Directory.Exists(Path.Combine(prefix, "lib")) || FileState.Of(Path.Combine(prefix, "lib64")) is not null)
            return;
        var content = Path.Combine(staging.Folder, "lib64-link");
        Directory.CreateDirectory(content);
        File.CreateSymbolicLink(Path.Combine(content, "lib64"), "lib");
        TreeMerge.Merge("lib64", content, prefix, context, path => path);
    }
}
