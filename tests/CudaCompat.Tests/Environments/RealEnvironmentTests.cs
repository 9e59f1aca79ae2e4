using System.Text.Json;
using System.Text.RegularExpressions;
using CudaCompat.Environments;
using CudaCompat.Matrix;
using CudaCompat.Resolution;

namespace CudaCompat.Tests.Environments;

/// <summary>Skeletons of real environments, each with what Python really said in it: what is broken is named, what is sound has no error.</summary>
public sealed class RealEnvironmentTests
{
    public static TheoryData<string> Cases()
    {
        var folder = SharedCaptures.Folder is { } shared ? Path.Combine(shared, "environments") : null;
        return folder is not null && Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)]
            : [""];
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Environment_IsJudgedAsPythonFoundIt(string name)
    {
        if (name.Length == 0)
            return; // the skeletons are not beside the checkout
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(SharedCaptures.Folder!, "environments", name + ".json")));
        var root = Directory.CreateTempSubdirectory("cudacompat-skeleton-").FullName;
        try
        {
            Lay(document.RootElement.GetProperty("skeleton"), root);
            var variables = document.RootElement.GetProperty("env").EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString()!.Replace("{ROOT}", root, StringComparison.Ordinal));
            var report = EnvironmentReader.Read(root, new EnvironmentSurroundings { Variables = variables, CurrentFolder = "/", Machine = "x86_64" }, CompatibilityMatrix.Embedded)!;
            var told = report.Findings.Where(f => f.Severity != Severity.Info).ToArray();
            if (document.RootElement.GetProperty("expect").GetString() == "sound")
                told.Should().NotContain(f => f.Severity == Severity.Error);
            else
                told.Should().Contain(f => Regex.IsMatch($"{f.Rule} {f.Subject} {f.Message}", document.RootElement.GetProperty("must_name").GetString()!));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Lay(JsonElement skeleton, string root)
    {
        var site = Path.Combine(root, Text(skeleton, "site_packages")!);
        Put(Path.Combine(root, "pyvenv.cfg"), $"home = /usr/bin\ninclude-system-site-packages = false\nversion = {Text(skeleton, "python")}\n");
        Put(Path.Combine(root, "bin", "python"), "");
        foreach (var package in skeleton.GetProperty("packages").EnumerateArray())
        {
            var info = Path.Combine(site, Text(package, "dist_info")!);
            Directory.CreateDirectory(info);
            if (!package.TryGetProperty("metadata", out _))
                Put(Path.Combine(info, "METADATA"), $"Name: {Text(package, "name")}\nVersion: {Text(package, "version")}\n" + string.Concat(List(package, "requires").Select(r => $"Requires-Dist: {r}\n")));
            if (skeleton.GetProperty("record").TryGetProperty(Text(package, "dist_info")!, out var record))
                Put(Path.Combine(info, "RECORD"), string.Concat(record.EnumerateObject().Select(f => $"{f.Name},,{f.Value.GetInt64()}\n")));
        }

        foreach (var name in List(skeleton, "odd"))
            Put(Path.Combine(site, name, "METADATA"), "Name: torch\nVersion: 2.12.0\n");
        foreach (var file in skeleton.GetProperty("inside").EnumerateObject())
            Put(Path.Combine(site, file.Name), string.Join('\n', file.Value.EnumerateArray().Select(l => l.GetString())) + "\n");
        foreach (var library in skeleton.GetProperty("libraries").EnumerateObject())
            Library(Path.Combine(site, library.Name), library.Value);
        foreach (var file in skeleton.TryGetProperty("outside", out var outside) ? outside.EnumerateArray().ToArray() : [])
        {
            if (file.TryGetProperty("library", out var library) && library.ValueKind == JsonValueKind.Object)
                Library(Path.Combine(root, Text(file, "path")!), library);
            else
                Put(Path.Combine(root, Text(file, "path")!), Text(file, "text") ?? "");
        }
    }

    private static void Library(string path, JsonElement library)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var data = EnvironmentTree.Elf(Text(library, "soname"), [.. List(library, "needed")], Text(library, "rpath"), Text(library, "runpath"));
        File.WriteAllBytes(path, data);
        using var file = File.OpenWrite(path);
        file.SetLength(Math.Max(library.GetProperty("size").GetInt64(), data.Length));
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static IEnumerable<string> List(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.EnumerateArray().Select(v => v.GetString()!) : [];

    private static void Put(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
