using System.Text.RegularExpressions;

namespace CudaCompat.Tests.Architecture;

/// <summary>The folders of the library depend on each other in one direction, as docs/design.md says.</summary>
public sealed partial class DependencyDirectionTests
{
    // Each folder may use the folders in its row, and itself.
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Versions"] = [],
        ["Machines"] = ["Versions"],
        ["Matrix"] = ["Versions", "Machines"],
        ["Resolution"] = ["Versions", "Machines", "Matrix"],
        ["Polyfills"] = [],
        ["Choosing"] = ["Versions", "Machines", "Matrix", "Resolution"],
        ["Binaries"] = ["Versions"],
        ["Inspection"] = ["Versions", "Machines", "Choosing", "Binaries"],
        ["Planning"] = ["Versions", "Machines", "Matrix", "Resolution", "Processes"],
        ["Detection"] = ["Versions", "Machines", "Processes"],
        ["Environments"] = ["Versions", "Machines", "Matrix", "Resolution", "Detection", "Binaries"],
        ["Explaining"] = ["Versions", "Machines", "Matrix", "Resolution", "Planning", "Detection"],
        ["Diagnosis"] = ["Versions", "Machines", "Matrix", "Resolution", "Planning", "Detection", "Explaining", "Environments", "Verification"],
        ["Processes"] = [],
        ["Verification"] = ["Versions", "Machines", "Matrix", "Resolution", "Planning", "Detection", "Explaining", "Processes"],
        ["Execution"] = ["Versions", "Machines", "Matrix", "Resolution", "Planning", "Detection", "Explaining", "Processes", "Verification"],
        ["Documents"] = ["Versions", "Machines", "Matrix", "Resolution", "Choosing", "Inspection", "Planning", "Diagnosis", "Explaining", "Verification", "Execution"],
    };

    [Fact]
    public void Folders_DependInOneDirection()
    {
        var root = Path.Combine(RepositoryRoot(), "src", "CudaCompat");
        var folders = Directory.GetDirectories(root).Select(Path.GetFileName).Where(f => f is not ("bin" or "obj")).ToArray();
        folders.Should().BeSubsetOf(Allowed.Keys, "every folder has its row in this test");
        var wrong = new List<string>();
        foreach (var folder in folders)
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(root, folder!), "*.cs", SearchOption.AllDirectories))
            {
                foreach (Match match in Reference().Matches(File.ReadAllText(file)))
                {
                    var used = match.Groups["folder"].Value;
                    if (used != folder && Allowed.ContainsKey(used) && !Allowed[folder!].Contains(used))
                        wrong.Add($"{Path.GetRelativePath(root, file)} uses {used}");
                }
            }
        }

        wrong.Should().BeEmpty();
    }

    // Inside Resolution: what is asked and judged knows none of its workings, and each of these only those before it.
    [Theory]
    [InlineData("", "Rules", "Choice", "Alternatives", "Answers")]
    [InlineData("Rules", "Choice", "Alternatives", "Answers")]
    [InlineData("Choice", "Alternatives", "Answers")]
    [InlineData("Alternatives", "Answers")]
    public void Resolution_BelowTheTop_DependsInOneDirection(string folder, params string[] forbidden)
    {
        var path = Path.Combine(RepositoryRoot(), "src", "CudaCompat", "Resolution", folder);
        var wrong =
            from file in Directory.EnumerateFiles(path, "*.cs")
            from name in forbidden
            where Regex.IsMatch(File.ReadAllText(file), $@"using CudaCompat\.Resolution\.{name};|(?<![.\w""]){name}\.(?!Length|Count|IsEmpty)[A-Z]\w+\.")
            select $"{Path.GetFileName(file)} uses {name}";
        wrong.Should().BeEmpty();
    }

    /// <summary>No two folders of the library, however deep, use each other; a folder and the one it lies in are one house.</summary>
    [Fact]
    public void FolderPairs_DoNotUseEachOther()
    {
        var root = Path.Combine(RepositoryRoot(), "src", "CudaCompat");
        var uses = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Folder: Path.GetDirectoryName(Path.GetRelativePath(root, file))!.Replace(Path.DirectorySeparatorChar, '.'), File: file))
            .Where(x => x.Folder.Length > 0 && !x.Folder.StartsWith("bin", StringComparison.Ordinal) && !x.Folder.StartsWith("obj", StringComparison.Ordinal))
            .SelectMany(x => Using().Matches(File.ReadAllText(x.File)).Select(m => (x.Folder, Used: m.Groups["folder"].Value)))
            .Where(pair => !Within(pair.Folder, pair.Used) && !Within(pair.Used, pair.Folder))
            .ToHashSet();

        uses.Should().NotBeEmpty();
        uses.Where(pair => uses.Contains((pair.Used, pair.Folder))).Should().BeEmpty();

        static bool Within(string inner, string outer) => inner == outer || inner.StartsWith(outer + ".", StringComparison.Ordinal);
    }

    /// <summary>What the library gives out does not change under its reader.</summary>
    [Fact]
    public void PublicTypes_HaveNoSetters()
    {
        var wrong =
            from type in typeof(Resolver).Assembly.GetExportedTypes()
            from property in type.GetProperties()
            where property.DeclaringType!.Assembly == type.Assembly
                && property.SetMethod is { IsPublic: true } setter
                && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit))
            select $"{type.FullName}.{property.Name}";
        var fields =
            from type in typeof(Resolver).Assembly.GetExportedTypes().Where(t => !t.IsEnum)
            from field in type.GetFields()
            where !field.IsInitOnly && !field.IsLiteral
            select $"{type.FullName}.{field.Name}";
        wrong.Concat(fields).Should().BeEmpty();
    }

    [Fact]
    public void Executables_AreUsedByNothing()
    {
        var root = RepositoryRoot();
        foreach (var project in Directory.EnumerateFiles(Path.Combine(root, "src"), "*.csproj", SearchOption.AllDirectories))
            File.ReadAllText(project).Should().NotContainAny("CudaCompat.Cli.csproj", "CudaCompat.Data.csproj");
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CudaCompat.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the tests do not lie inside the repository.");
    }

    [GeneratedRegex(@"(?:using (?:static )?|\b)CudaCompat\.(?<folder>[A-Z][A-Za-z]+)\b")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^(?:global )?using (?:static )?CudaCompat\.(?<folder>[A-Z][A-Za-z.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();
}
