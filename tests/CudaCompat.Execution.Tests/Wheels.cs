using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace CudaCompat.Execution.Tests;

/// <summary>Makes small wheels with true names, tags and hashes, and the index that serves them.</summary>
internal static class Wheels
{
    /// <summary>A torch of a few lines that computes with lists: what verification asks of it is real.</summary>
    public const string TorchCode = """
        __version__ = "{0}"
        float32 = "float32"
        class _Version:
            cuda = {1}
        version = _Version()
        class Tensor:
            def __init__(self, values, side=None):
                self.values, self.side = values, side
            def __mul__(self, x):
                return Tensor([v * x for v in self.values])
            def __add__(self, x):
                return Tensor([v + x for v in self.values])
            def cpu(self):
                return self
            def reshape(self, shape):
                return self
            def tolist(self):
                return [float(v) for v in self.values]
        def arange(start, end, device=None, dtype=None):
            return Tensor(list(range(start, end)))
        def ones(shape, device=None):
            return Tensor([1.0] * (shape[0] * shape[1]), shape[0])
        def zeros(n, device=None):
            raise RuntimeError("Found no NVIDIA driver on your system.")
        def matmul(a, b):
            return Tensor([float(a.side)] * (a.side * a.side), a.side)
        class _Cuda:
            def is_available(self):
                return {2}
            def device_count(self):
                return {3}
            def get_device_name(self, i):
                return "Fake GPU %d" % i
            def get_device_capability(self, i):
                return (9, 0)
            def get_arch_list(self):
                return ["sm_90"]
            def synchronize(self, i):
                pass
        cuda = _Cuda()
        class _Cudnn:
            def version(self):
                return 91002
        class _Backends:
            cudnn = _Cudnn()
        backends = _Backends()
        """;

    private static readonly Lazy<string> PythonTag = new(() =>
    {
        using var python = Process.Start(new ProcessStartInfo("python3", ["-c", "import sys; print('cp%d%d' % sys.version_info[:2])"]) { RedirectStandardOutput = true })!;
        return python.StandardOutput.ReadToEnd().Trim();
    });

    /// <summary>The tag of this machine's Python, as cp311.</summary>
    public static string Python => PythonTag.Value;

    /// <summary>The version of this machine's Python, as 3.11.</summary>
    public static string PythonVersion => $"{Python[2]}.{Python[3..]}";

    public static string Platform => RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "manylinux_2_17_aarch64" : "manylinux_2_17_x86_64";

    public static string NameOf(string package, string version) => $"{package.Replace('-', '_')}-{version}-{Python}-{Python}-{Platform}.whl";

    public static byte[] Torch(string version, string? cuda, int gpus = 0) => Wheel("torch", version, TorchCode
        .Replace("{0}", version).Replace("{1}", cuda is null ? "None" : $"\"{cuda}\"").Replace("{2}", gpus > 0 ? "True" : "False").Replace("{3}", gpus.ToString()), "filelock");

    /// <summary>A wheel of one module.</summary>
    public static byte[] Wheel(string package, string version, string code, params string[] requires) => Wheel(package, version, [($"{package}/__init__.py", code + "\n")], requires);

    /// <summary>A wheel of these files.</summary>
    public static byte[] Wheel(string package, string version, (string Name, string Content)[] content, params string[] requires)
    {
        var info = $"{package}-{version}.dist-info";
        List<(string Name, string Content)> files =
        [
            .. content,
            ($"{info}/METADATA", $"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n{string.Concat(requires.Select(r => $"Requires-Dist: {r}\n"))}"),
            ($"{info}/WHEEL", $"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: {Python}-{Python}-{Platform}\n"),
        ];
        var record = string.Concat(files.Select(f =>
            $"{f.Name},sha256={Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(f.Content))).TrimEnd('=').Replace('+', '-').Replace('/', '_')},{f.Content.Length}\n"));
        files.Add(($"{info}/RECORD", record + $"{info}/RECORD,,\n"));
        return Archives.Zip([.. files]);
    }

    /// <summary>A wheel of any files, what lies in a folder bin executable.</summary>
    public static byte[] Files(string package, string version, (string Name, string Content)[] content, params string[] metadata)
    {
        var info = $"{package.Replace('-', '_')}-{version}.dist-info";
        (string Name, string Content)[] files =
        [
            .. content,
            ($"{info}/METADATA", $"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n{string.Concat(metadata.Select(m => m + "\n"))}"),
            ($"{info}/WHEEL", $"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {Python}-{Python}-{Platform}\n"),
        ];
        var record = string.Concat(files.Select(f =>
            $"{f.Name},sha256={Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(f.Content))).TrimEnd('=').Replace('+', '-').Replace('/', '_')},{f.Content.Length}\n"));
        return Archives.Zip(zip =>
        {
            foreach (var (name, text) in files.Append(($"{info}/RECORD", record + $"{info}/RECORD,,\n")))
            {
                var entry = zip.CreateEntry(name);
                entry.LastWriteTime = new DateTimeOffset(2025, 8, 20, 12, 0, 0, TimeSpan.Zero);
                entry.ExternalAttributes = (name.Contains("/bin/", StringComparison.Ordinal) ? 0x81ED : 0x81A4) << 16;
                using var stream = entry.Open();
                stream.Write(Encoding.UTF8.GetBytes(text));
            }
        });
    }

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Serves wheels as a PEP 503 index; returns its URL.</summary>
    public static string Index(LocalServer server, string path, params (string Package, string Version, byte[] Bytes)[] wheels)
    {
        foreach (var group in wheels.GroupBy(w => w.Package))
        {
            var links = new StringBuilder("<!DOCTYPE html><html><body>\n");
            foreach (var (package, version, bytes) in group)
            {
                var name = NameOf(package, version);
                server.File($"{path}/{name}", bytes);
                links.Append($"<a href=\"{path}/{Uri.EscapeDataString(name)}#sha256={Sha256(bytes)}\">{name}</a><br/>\n");
            }

            server.File($"{path}/{group.Key}/", Encoding.UTF8.GetBytes(links + "</body></html>\n"), "text/html");
        }

        return server.Url + path;
    }
}
