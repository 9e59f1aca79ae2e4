using System.Text.Json.Serialization;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Cli.Output;

/// <summary>One build of the list.</summary>
/// <param name="Torch">The version.</param>
/// <param name="CudaTag">Its tag.</param>
/// <param name="Verdict">compatible | incompatible | unknown.</param>
/// <param name="Rule">The first rule that stops it, or that lacks a fact; null where it works.</param>
/// <param name="Message">The sentence of that rule.</param>
internal sealed record ListedBuild(string Torch, string CudaTag, CheckVerdict Verdict, string? Rule, string? Message);

/// <summary>The document of <c>list --json</c>.</summary>
internal sealed record ListDocument(string Packaging, IReadOnlyList<ListedBuild> Builds, string DataVersion);

/// <summary>The builds of torch for a machine, each judged as <c>check</c> judges it.</summary>
internal sealed record TorchList(ListDocument Document)
{
    public static TorchList Of(CompatibilityMatrix matrix, DriverInfo machine, Packaging packaging, VersionSpec? spec, CudaTag? tag, int releases)
    {
        var os = machine.OperatingSystem == OperatingSystemFamily.Wsl ? OperatingSystemFamily.Linux : machine.OperatingSystem;
        var builds = new List<ListedBuild>();
        var versions = new HashSet<PackageVersion>();
        foreach (var build in matrix.Builds.For(packaging, os, machine.Architecture ?? CpuArchitecture.X64))
        {
            if (build.Version.IsPrerelease && spec is null || spec?.Matches(build.Version) == false || tag is { } asked && !asked.Includes(build.Tag))
                continue;
            if (versions.Add(build.Version.WithoutLabel) && versions.Count > releases)
                break;
            var stack = new StackDocument { Torch = build.Version.WithoutLabel, CudaTag = build.Tag, Packaging = packaging };
            var result = Resolver.Check(machine, stack, matrix);
            var first = result.Verdict == CheckVerdict.Compatible ? null
                : result.Findings.FirstOrDefault(f => f.Severity == Severity.Error) ?? result.Findings.FirstOrDefault(f => f.Rule is not ("machine-assumption" or "read-as"));
            builds.Add(new ListedBuild(build.Version.WithoutLabel.ToString(), build.Tag.ToString(), result.Verdict, first?.Rule, first?.Message));
        }

        return new TorchList(new ListDocument(PackagingNames.Instance.NameOf(packaging), builds, matrix.DataVersion));
    }
}

/// <summary>The JSON of the list.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ListDocument))]
internal sealed partial class ListJson : JsonSerializerContext;
