using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>
/// Companions of a torch that is newer than every torch with a row of its own, by what the companions themselves state: a torchvision that wants torch>=2.14 serves a
/// torch that came after it, and so does the last torchaudio, which wants none. Of those with a build for a CUDA that this torch has, the newest is taken.
/// </summary>
internal static class StatedCompanions
{
    /// <summary>How such a companion is known.</summary>
    public const string How = "stated";

    /// <summary>Adds them to <paramref name="facts"/>.</summary>
    public static void Derive(FactStore facts)
    {
        var builds = facts.Builds.Rows.Where(b => b is { Packaging: Packaging.Pip, Known: not KnownBy.Inferred } && !b.Version.IsPrerelease).ToLookup(b => b.Package, StringComparer.Ordinal);
        var torches = builds[TorchNames.Torch].ToLookup(b => b.Version, b => b.Tag);
        foreach (var package in TorchNames.Companions)
        {
            var newest = facts.Companions.Rows.Where(c => c.Package == package).Select(c => c.Torch).DefaultIfEmpty().Max();
            var versions = builds[package].GroupBy(b => b.Version).OrderByDescending(g => g.Key).ToList();
            foreach (var torch in torches.Where(t => t.Key > newest))
            {
                var serving = versions.Select(v => (v.Key, Rule: Rule(facts, package, v.Key, versions[0].Key), Tags: v.Select(b => b.Tag))).Where(v => v.Rule is not null && Admits(v.Rule.Requires, torch.Key)).ToList();
                var chosen = serving.Where(v => v.Tags.Any(t => t is null || torch.Contains(t))).Concat(serving).FirstOrDefault();
                if (chosen.Rule is { } rule)
                    facts.Companions.Add(new CompanionRow(torch.Key, package, chosen.Key, null, true, How, rule.Sources, $"{package} {chosen.Key} states {(rule.Requires is { } wants ? "torch" + wants : "no torch")}"));
            }
        }
    }

    // What states nothing serves later torch only while nothing newer came.
    private static CompanionRuleRow? Rule(FactStore facts, string package, PackageVersion version, PackageVersion newest) =>
        facts.CompanionRules.Rows.FirstOrDefault(r => r.Package == package && version.IsWithin(r.From, r.To) && (r.Requires is not null || version == newest));

    private static bool Admits(string? requires, PackageVersion torch) => requires is null || (VersionSpec.TryParse(requires, out var spec) && spec.Matches(torch));
}
