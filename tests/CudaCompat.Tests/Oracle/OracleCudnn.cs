using System.Collections.Concurrent;

namespace CudaCompat.Tests.Oracle;

/// <summary>What a support matrix says of a cuDNN release, a CUDA version, a GPU and a driver.</summary>
internal static class OracleCudnn
{
    private static readonly ConcurrentDictionary<(string Cudnn, string Cuda), (List<OSupport> Rows, bool Own)> Found = new();

    /// <summary>The rules that a cuDNN breaks on a machine.</summary>
    public static IEnumerable<string> Errors(OracleFacts facts, OracleView view, Num cudnn, Num cuda)
    {
        var (rows, own) = Rows(facts, cudnn, cuda);
        if (rows.Count == 0)
            yield break;
        var floors = new List<Num>();
        foreach (var capability in view.Capabilities.OfType<string>())
        {
            var serving = rows.Where(r => Lists(facts, r, new Num(capability))).ToList();
            if (serving.Count == 0 && Excluded(facts, rows, own, cudnn, cuda, capability))
                yield return "cudnn-gpu-unsupported";
            else if (Least(view, serving.Count > 0 ? serving : rows) is { } floor) // the CUDA of a release has its floor on a card that is too new for the list, too
                floors.Add(floor);
        }

        if ((view.Capabilities.Length == 0 || view.Capabilities.Contains(null)) && Least(view, rows) is { } any)
            floors.Add(any);
        if (view.Driver is { } driver && !view.Tegra && floors.Any(f => driver < f))
            yield return "cudnn-driver-too-old";
    }

    /// <summary>Whether a matrix says that a cuDNN serves a GPU.</summary>
    public static bool Proves(OracleFacts facts, Num cudnn, Num cuda, string capability) => Rows(facts, cudnn, cuda).Rows.Exists(r => Gpus(r) && Lists(facts, r, new Num(capability)));

    /// <summary>Whether a cuDNN that a package brings surely does not serve a GPU.</summary>
    public static bool Excludes(OracleFacts facts, Num cudnn, Num cuda, string capability)
    {
        var (rows, own) = Rows(facts, cudnn, cuda);
        return rows.Count > 0 && !rows.Any(r => Lists(facts, r, new Num(capability))) && Excluded(facts, rows, own, cudnn, cuda, capability);
    }

    /// <summary>The release's own rows, else those of the nearest earlier release of its major and variant.</summary>
    private static (List<OSupport> Rows, bool Own) Rows(OracleFacts facts, Num cudnn, Num cuda) => Found.GetOrAdd((cudnn.Text, cuda.Text), _ => Find(facts, cudnn, cuda));

    private static (List<OSupport> Rows, bool Own) Find(OracleFacts facts, Num cudnn, Num cuda)
    {
        var earlier = facts.Supports.Where(r => r.Variant == cuda.Major && r.Cudnn.Major == cudnn.Major && (r.Cudnn <= cudnn || cudnn.StartsWith(r.Cudnn))).ToList();
        if (earlier.Count == 0)
            return ([], false);
        var nearest = earlier.Max(r => r.Cudnn);
        var of = earlier.Where(r => r.Cudnn.Same(nearest)).ToList();
        var exact = of.Where(r => r.Cuda.Any(c => c.Same(cuda))).ToList();
        var rows = exact.Count > 0 ? exact : of;
        // A row that lists no GPU takes the list of the nearest earlier release that has one.
        if (rows.Exists(Gpus) || !earlier.Exists(Gpus))
            return (rows, cudnn.StartsWith(nearest));
        var lists = earlier.Where(r => Gpus(r) && r.Cudnn.Same(earlier.Where(Gpus).Max(e => e.Cudnn))).ToList();
        var best = lists.Find(r => r.Cuda.Any(c => c.Same(cuda))) ?? lists[0];
        return ([.. rows.Select(r => r with { Capabilities = best.Capabilities, From = best.From })], false);
    }

    private static bool Gpus(OSupport row) => row.Capabilities is not null || row.From is not null;

    private static bool Lists(OracleFacts facts, OSupport row, Num gpu) => row.Capabilities is { } listed
        ? listed.Any(c => c.Major == gpu.Major && c[1] <= gpu[1])
        : row.From is not { } from || gpu >= from && AndLater(facts, row, from, gpu);

    private static bool AndLater(OracleFacts facts, OSupport row, Num from, Num gpu) => !facts.Architectures.TryGetValue(gpu.Text, out var own)
        || Meant(facts, row, from).Any(a => a.Tegra || own.Tegra ? a.Capability.Same(gpu) : a.Capability.Major == gpu.Major && a.Capability[1] <= gpu[1]);

    // "3.5 and later" ends with what the CUDA of the row can target; the code of an older minor runs on a newer one.
    private static IEnumerable<OArch> Meant(OracleFacts facts, OSupport row, Num from) => facts.Architectures.Values
        .Where(a => !char.IsLetter(a.Capability.Text[^1]) && a.Capability >= from && a.FirstToolkit is { } first && row.Cuda.Any(c => first <= c));

    /// <summary>Not listed, and neither of a system on a chip nor newer than everything in rows that another release has lent; a card that no later matrix lists either was not served before.</summary>
    private static bool Excluded(OracleFacts facts, List<OSupport> rows, bool own, Num cudnn, Num cuda, string capability)
    {
        if (facts.Architectures.TryGetValue(capability, out var known) && known.Tegra)
            return false;
        var newest = rows.SelectMany(r => r.Capabilities ?? (r.From is { } from ? [.. Meant(facts, r, from).Select(a => a.Capability)] : [])).DefaultIfEmpty(new Num("0.0")).Max();
        var later = facts.Supports.Where(r => r.Variant == cuda.Major && r.Cudnn.Major == cudnn.Major && r.Cudnn > cudnn && !cudnn.StartsWith(r.Cudnn) && Gpus(r)).ToList();
        return own || new Num(capability) <= newest || newest.Major == 0 || later.Count > 0 && !later.Exists(r => Lists(facts, r, new Num(capability)));
    }

    private static Num? Least(OracleView view, List<OSupport> rows)
    {
        var floors = rows.Select(r => view.DriverSystem == "windows" ? r.Windows : r.Linux).ToList();
        return floors.Contains(null) ? null : floors.Min();
    }
}
