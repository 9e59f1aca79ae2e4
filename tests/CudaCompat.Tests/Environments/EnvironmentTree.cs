using System.Text;
using CudaCompat.Environments;
using CudaCompat.Matrix;
using CudaCompat.Resolution;

namespace CudaCompat.Tests.Environments;

/// <summary>A Python environment laid down as files: dist-infos, version.py, libraries that are a dynamic section and nothing else.</summary>
internal sealed class EnvironmentTree : IDisposable
{
    private readonly Dictionary<string, string> _variables = [];

    public EnvironmentTree(bool windows = false, string python = "3.11.7")
    {
        Root = Directory.CreateTempSubdirectory("cudacompat-environment-").FullName;
        Windows = windows;
        Site = windows ? Path.Combine(Root, "Lib", "site-packages") : Path.Combine(Root, "lib", "python" + string.Join('.', python.Split('.').Take(2)), "site-packages");
        Directory.CreateDirectory(Site);
        Text("pyvenv.cfg", $"home = {(windows ? @"C:\Python" : "/usr/bin")}\ninclude-system-site-packages = false\nversion = {python}\n");
        Text(windows ? "Scripts/python.exe" : "bin/python", "");
        Package("pip", "25.0");
        Package("numpy", "2.3.0");
        Package("setuptools", "80.0");
    }

    public string Root { get; }

    public string Site { get; }

    public bool Windows { get; }

    public string CurrentFolder { get; init; } = "/";

    public int? Gpus { get; init; }

    public EnvironmentTree Package(string name, string version, params string[] requires)
    {
        var text = $"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + string.Concat(requires.Select(r => $"Requires-Dist: {r}\n")) + "\nA description with Requires-Dist: nothing\n";
        Text(InfoOf(name, version) + "/METADATA", text, Site);
        return this;
    }

    public EnvironmentTree Record(string name, string version, params (string Path, long Size)[] files)
    {
        Text(InfoOf(name, version) + "/RECORD", string.Concat(files.Select(f => $"{f.Path},sha256=x,{f.Size}\n")), Site);
        return this;
    }

    public EnvironmentTree Torch(string version, string? cuda, string? metadata = null, params string[] requires)
    {
        Inside("torch", version, $"debug = False\ncuda: Optional[str] = {(cuda is null ? "None" : $"'{cuda}'")}\nhip: Optional[str] = None\n");
        return Package("torch", metadata ?? version.Split('+')[0], requires);
    }

    public EnvironmentTree Companion(string name, string version, params string[] requires)
    {
        Inside(name, version, "");
        return Package(name, version.Split('+')[0], requires);
    }

    public EnvironmentTree Inside(string name, string version, string rest)
    {
        Text($"{name}/version.py", $"__version__ = '{version}'\n{rest}", Site);
        return this;
    }

    public EnvironmentTree Variable(string name, string value)
    {
        _variables[name] = value.Replace("{ROOT}", Root, StringComparison.Ordinal);
        return this;
    }

    public EnvironmentTree Library(string path, string? soname, string[] needed, string? rpath = null, string? runpath = null, long size = 0)
    {
        var full = Path.Combine(Site, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var data = Elf(soname, needed, rpath, runpath);
        File.WriteAllBytes(full, data);
        if (size > data.Length)
        {
            using var file = File.OpenWrite(full);
            file.SetLength(size); // sparse
        }

        return this;
    }

    public EnvironmentTree Dll(string path, params string[] imports)
    {
        var full = Path.Combine(Site, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, Pe(imports));
        return this;
    }

    public EnvironmentTree Text(string path, string text, string? below = null)
    {
        var full = Path.Combine(below ?? Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return this;
    }

    public EnvironmentReport? Read(string? path = null) => EnvironmentReader.Read(
        path ?? Root,
        new EnvironmentSurroundings { Variables = _variables, CurrentFolder = CurrentFolder, Home = null, Machine = "x86_64", Gpus = Gpus },
        CompatibilityMatrix.Embedded);

    public IReadOnlyList<Finding> Findings() => Read()!.Findings;

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>A 64-bit shared object that holds a dynamic section and nothing else.</summary>
    public static byte[] Elf(string? soname, string[] needed, string? rpath = null, string? runpath = null)
    {
        var strings = new MemoryStream();
        strings.WriteByte(0);
        long At(string text)
        {
            var at = strings.Length;
            strings.Write(Encoding.UTF8.GetBytes(text + "\0"));
            return at;
        }

        var entries = needed.Select(n => (Tag: 1L, Value: At(n))).ToList();
        foreach (var (tag, text) in new[] { (14L, soname), (15L, rpath), (29L, runpath) })
        {
            if (text is not null)
                entries.Add((tag, At(text)));
        }

        const int Start = 64 + 2 * 56;
        var size = 16 * (entries.Count + 2);
        entries.AddRange([(5, Start + size), (0, 0)]);
        var whole = Start + size + strings.Length;
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, .. new byte[9]]);
        writer.Write((ushort)3);
        writer.Write((ushort)62);
        writer.Write(1);
        writer.Write(0L);
        writer.Write(64L);
        writer.Write(0L);
        writer.Write(0);
        foreach (var number in new ushort[] { 64, 56, 2, 64, 0, 0 })
            writer.Write(number);
        foreach (var (kind, flags, offset, length) in new[] { (1, 4, 0L, whole), (2, 6, (long)Start, (long)size) })
        {
            writer.Write(kind);
            writer.Write(flags);
            writer.Write(offset);
            writer.Write(offset);
            writer.Write(offset);
            writer.Write(length);
            writer.Write(length);
            writer.Write(8L);
        }

        foreach (var (tag, value) in entries)
        {
            writer.Write(tag);
            writer.Write(value);
        }

        writer.Write(strings.ToArray());
        return stream.ToArray();
    }

    /// <summary>A 64-bit DLL that holds an import directory and nothing else.</summary>
    public static byte[] Pe(string[] imports)
    {
        const int Address = 0x1000, Offset = 0x200;
        var table = new MemoryStream();
        var names = new MemoryStream();
        using (var writer = new BinaryWriter(table, Encoding.ASCII, leaveOpen: true))
        {
            foreach (var name in imports)
            {
                writer.Write(new byte[12]);
                writer.Write((uint)(Address + 20 * (imports.Length + 1) + names.Length));
                writer.Write(0);
                names.Write(Encoding.ASCII.GetBytes(name + "\0"));
            }

            writer.Write(new byte[20]);
        }

        var section = table.ToArray().Concat(names.ToArray()).ToArray();
        var file = new byte[Offset + section.Length];
        using var pe = new BinaryWriter(new MemoryStream(file));
        void At(int offset, params object[] values)
        {
            pe.BaseStream.Position = offset;
            foreach (var value in values)
            {
                if (value is ushort small)
                    pe.Write(small);
                else
                    pe.Write(Convert.ToUInt32(value, System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        At(0, (ushort)0x5A4D);
        At(0x3C, 0x80u);
        At(0x80, 0x4550u, (ushort)0x8664, (ushort)1);
        At(0x94, (ushort)240, (ushort)0x2022, (ushort)0x20B);
        At(0x98 + 120, (uint)Address, (uint)(20 * (imports.Length + 1)));
        At(0x98 + 240 + 8, (uint)section.Length, (uint)Address, (uint)section.Length, (uint)Offset);
        section.CopyTo(file, Offset);
        return file;
    }

    private static string InfoOf(string name, string version) => $"{name.Replace('-', '_')}-{version}.dist-info";
}
