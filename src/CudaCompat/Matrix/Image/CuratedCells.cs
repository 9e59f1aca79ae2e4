using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix.Image;

/// <summary>The cells of the curated rows about installing: each pair reads what it writes.</summary>
internal static class CuratedCells
{
    public static void Write(CellWriter c, InstallFormRow r)
    {
        c.Named(r.Packaging);
        c.Version(r.From);
        c.Text(r.Command);
        c.Texts(r.Sources);
        c.Version(r.To);
        c.Versions(r.Tags);
        c.Flag(r.Cpu);
        c.Names(r.Os);
        c.Flag(r.Default);
        c.Flag(r.Label);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static InstallFormRow Form(ref CellReader c) =>
        new(c.Named<Packaging>(), c.Version<PackageVersion>(), c.Text(), c.Texts(), c.VersionOrNull<PackageVersion>(), c.VersionsOrNull<CudaTag>(), c.FlagOrNull(), c.NamesOrNull<OperatingSystemFamily>(), c.FlagOrNull(), c.FlagOrNull(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, InstallPlaceRow r)
    {
        c.Text(r.Name);
        c.Text(r.Url);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static InstallPlaceRow Place(ref CellReader c) => new(c.Text(), c.Text(), c.Texts(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, ToolkitLayoutRow r)
    {
        c.Text(r.Method);
        c.Named(r.Os);
        c.Flag(r.Own);
        c.Flag(r.Admin);
        c.Texts(r.Arguments);
        c.Texts(r.Path);
        c.Texts(r.Libraries);
        c.Texts(r.Home);
        c.Flag(r.SetsEnvironment);
        c.Texts(r.Sources);
        c.Text(r.Prefix);
        c.Version(r.From);
        c.Version(r.To);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static ToolkitLayoutRow Layout(ref CellReader c) =>
        new(c.Text(), c.Named<OperatingSystemFamily>(), c.Flag(), c.Flag(), c.Texts(), c.Texts(), c.Texts(), c.Texts(), c.Flag(), c.Texts(), c.TextOrNull(), c.VersionOrNull<CudaVersion>(), c.VersionOrNull<CudaVersion>(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, RedistPartRow r)
    {
        c.Text(r.Component);
        c.Text(r.Use);
        c.Texts(r.Sources);
        c.Version(r.From);
        c.Version(r.To);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static RedistPartRow RedistPart(ref CellReader c) =>
        new(c.Text(), c.Text(), c.Texts(), c.VersionOrNull<CudaVersion>(), c.VersionOrNull<CudaVersion>(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, InstallerComponentRow r)
    {
        c.Version(r.From);
        c.Version(r.To);
        c.Texts(r.Names);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static InstallerComponentRow InstallerComponent(ref CellReader c) =>
        new(c.Version<CudaVersion>(), c.Version<CudaVersion>(), c.Texts(), c.Texts(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, PackageNameRow r)
    {
        c.Text(r.Manager);
        c.Text(r.Component);
        c.Texts(r.Packages);
        c.Texts(r.Command);
        c.Flag(r.Admin);
        c.Texts(r.Sources);
        c.Text(r.Channel);
        c.Version(r.From);
        c.Version(r.To);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static PackageNameRow PackageName(ref CellReader c) =>
        new(c.Text(), c.Text(), c.Texts(), c.Texts(), c.Flag(), c.Texts(), c.TextOrNull(), c.VersionOrNull<DottedVersion>(), c.VersionOrNull<DottedVersion>(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, RepositoryRow r)
    {
        c.Text(r.Manager);
        c.Text(r.Distribution);
        c.Texts(r.Archs);
        c.Text(r.Setup);
        c.Texts(r.Sources);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static RepositoryRow Repository(ref CellReader c) => new(c.Text(), c.Text(), c.Texts(), c.Text(), c.Texts(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, MirrorRow r)
    {
        c.Text(r.Name);
        c.Text(r.Title);
        c.Text(r.LastReport);
        c.Texts(r.Sources);
        c.Text(r.Wheels);
        c.Flag(r.Flat);
        c.Text(r.Pypi);
        c.Text(r.NvidiaWheels);
        c.Texts(Pairs(r.Channels));
        c.Text(r.NvidiaFiles);
        c.Text(r.Apt);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static MirrorRow Mirror(ref CellReader c) =>
        new(c.Text(), c.Text(), c.Text(), c.Texts(), c.TextOrNull(), c.Flag(), c.TextOrNull(), c.TextOrNull(), Dictionary(c.TextsOrNull()), c.TextOrNull(), c.TextOrNull(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, StepNoteRow r)
    {
        c.Text(r.Component);
        c.Text(r.Text);
        c.Texts(r.Sources);
        c.Names(r.Os);
        c.Text(r.FilePart);
        c.Version(r.From);
        c.Version(r.To);
        c.Text(r.Evidence);
    }

    public static StepNoteRow StepNote(ref CellReader c) =>
        new(c.Text(), c.Text(), c.Texts(), c.NamesOrNull<OperatingSystemFamily>(), c.TextOrNull(), c.VersionOrNull<DottedVersion>(), c.VersionOrNull<DottedVersion>(), c.TextOrNull());

    public static void Write(CellWriter c, WheelPartRow r)
    {
        c.Text(r.Package);
        c.Text(r.Use);
        c.Texts(r.Sources);
        c.Flag(r.OfTorch);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static WheelPartRow WheelPart(ref CellReader c) => new(c.Text(), c.Text(), c.Texts(), c.Flag(), c.TextOrNull(), c.TextOrNull());

    public static void Write(CellWriter c, WheelLayoutRow r)
    {
        c.Text(r.Component);
        c.Named(r.Os);
        c.Text(r.Folder);
        c.Texts(r.Path);
        c.Texts(r.Home);
        c.Texts(r.Sources);
        c.Named(r.Arch);
        c.Texts(Pairs(r.Links));
        c.Text(r.LinkerNames);
        c.Version(r.From);
        c.Version(r.To);
        c.Text(r.Evidence);
        c.Text(r.Note);
    }

    public static WheelLayoutRow WheelLayout(ref CellReader c) =>
        new(c.Text(), c.Named<OperatingSystemFamily>(), c.Text(), c.Texts(), c.Texts(), c.Texts(), c.NamedOrNull<CpuArchitecture>(), Dictionary(c.TextsOrNull()), c.TextOrNull(), c.VersionOrNull<DottedVersion>(), c.VersionOrNull<DottedVersion>(), c.TextOrNull(), c.TextOrNull());

    private static string[]? Pairs(Dictionary<string, string>? entries) => entries is null ? null : [.. entries.SelectMany(e => new[] { e.Key, e.Value })];

    private static Dictionary<string, string>? Dictionary(string[]? pairs)
    {
        if (pairs is null)
            return null;
        var entries = new Dictionary<string, string>();
        for (var i = 0; i < pairs.Length; i += 2)
            entries.Add(pairs[i], pairs[i + 1]);
        return entries;
    }
}
