using CudaCompat.Choosing;
using CudaCompat.Versions;

namespace CudaCompat.Inspection;

/// <summary>The architectures for which all of a file's code is there: what a candidate may promise.</summary>
/// <param name="Sass">Native code.</param>
/// <param name="Ptx">PTX.</param>
internal sealed record DeviceCodeLists(IReadOnlyList<ComputeCapability> Sass, IReadOnlyList<ComputeCapability> Ptx)
{
    // An architecture in fewer than one of four of the containers that the most frequent one is in is a special kernel, not what the file
    // was built for.
    private const int SpecialBelow = 4;

    public static DeviceCodeLists None { get; } = new([], []);

    public bool IsEmpty => Sass.Count == 0 && Ptx.Count == 0;

    /// <summary>
    /// Judges container by container. Kernels for new GPUs alone lie in containers without old code, and PTX may stand in a few: so the
    /// containers that count are those with all that the file was built for, and a list holds what every one of them serves.
    /// </summary>
    /// <param name="codes">The code of the file: kind, and target with its suffix.</param>
    /// <param name="counts">In how many containers each of them is.</param>
    /// <param name="shapes">The sets of codes that containers have, one bit each in the order of <paramref name="codes"/>.</param>
    public static DeviceCodeLists Of(
        IReadOnlyList<(DeviceCodeKind Kind, ComputeCapability Target)> codes, IReadOnlyList<int> counts, IEnumerable<ulong> shapes)
    {
        var all = shapes.ToArray();
        var kind = codes.Any(c => c.Kind == DeviceCodeKind.Sass) ? DeviceCodeKind.Sass : DeviceCodeKind.Ptx;
        var places = Enumerable.Range(0, codes.Count).Where(i => codes[i].Kind == kind).ToArray();
        if (places.Length == 0)
            return None;
        var most = places.Max(i => counts[i]);
        var builtFor = places.Where(i => (long)counts[i] * SpecialBelow >= most).ToArray();
        var mask = builtFor.Aggregate(0UL, (bits, i) => bits | 1UL << i);
        var counting = Array.FindAll(all, shape => (shape & mask) == mask);
        if (counting.Length == 0)
        {
            // Each container is for one architecture, as in NVIDIA's own libraries: nothing can be held against another.
            var least = builtFor.Min(i => counts[i]);
            return new DeviceCodeLists(
                Targets(DeviceCodeKind.Sass, i => builtFor.Contains(i)),
                Targets(DeviceCodeKind.Ptx, i => counts[i] >= least));
        }

        return new DeviceCodeLists(Everywhere(DeviceCodeKind.Sass, IsAtLeast), Everywhere(DeviceCodeKind.Ptx, Compiles));

        ComputeCapability[] Everywhere(DeviceCodeKind of, Func<ComputeCapability, ComputeCapability, bool> serves) =>
            Targets(of, i => Array.TrueForAll(counting, shape => Has(shape, of, code => serves(code, codes[i].Target))));

        ComputeCapability[] Targets(DeviceCodeKind of, Func<int, bool> holds) =>
            [.. Enumerable.Range(0, codes.Count).Where(i => codes[i].Kind == of && holds(i)).Select(i => codes[i].Target).Distinct().Order()];

        bool Has(ulong shape, DeviceCodeKind of, Func<ComputeCapability, bool> holds)
        {
            for (var i = 0; i < codes.Count; i++)
            {
                if ((shape >> i & 1) != 0 && codes[i].Kind == of && holds(codes[i].Target))
                    return true;
            }

            return false;
        }
    }

    /// <summary>
    /// What several files of one program serve together: an architecture of one of them that the others serve too, by PTX where they have
    /// no native code.
    /// </summary>
    public static DeviceCodeLists Together(IReadOnlyList<DeviceCodeLists> files)
    {
        if (files.Count < 2)
            return files.Count == 0 ? None : files[0];
        return new DeviceCodeLists(
            [.. files.SelectMany(f => f.Sass).Distinct().Where(target => files.All(f => Natively(f, target) || ByPtx(f, target))).Order()],
            [.. files.SelectMany(f => f.Ptx).Distinct().Where(target => files.All(f => ByPtx(f, target))).Order()]);

        static bool Natively(DeviceCodeLists file, ComputeCapability target) => file.Sass.Any(code => IsAtLeast(code, target));

        static bool ByPtx(DeviceCodeLists file, ComputeCapability target) => file.Ptx.Any(code => Compiles(code, target));
    }

    // Code that runs wherever that for the target does: the same major and no newer minor; behind a suffix only its own kind of promise.
    private static bool IsAtLeast(ComputeCapability code, ComputeCapability target) =>
        code == target || code.Suffix is null && code.Major == target.Major && code.Minor <= target.Minor;

    private static bool Compiles(ComputeCapability code, ComputeCapability target) =>
        code == target || code.Suffix is null && (code.Major, code.Minor).CompareTo((target.Major, target.Minor)) <= 0;
}
