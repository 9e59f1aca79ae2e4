using System.Text.Json;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Benchmarks;

/// <summary>Lines for <c>plan --batch</c> and <c>check --batch</c>, drawn from the data with a fixed seed: the same every time.</summary>
internal static class BatchLines
{
    private static readonly string[] Systems = ["linux", "linux", "linux", "windows", "wsl"];
    private static readonly string[] Pythons = ["3.8", "3.10", "3.11", "3.12", "3.13"];
    private static readonly string[] CommonGpus =
        ["NVIDIA GeForce RTX 3090", "Tesla T4", "NVIDIA A100-SXM4-80GB", "NVIDIA GeForce GTX 1080 Ti", "NVIDIA GeForce RTX 4090", "Tesla V100-SXM2-16GB", "NVIDIA H100 80GB HBM3", "NVIDIA GeForce RTX 5090"];

    public static void Write(string kind, int count, TextWriter output)
    {
        var data = CompatibilityMatrix.Embedded.Data;
        var random = new Random(20261123);
        for (var i = 0; i < count; i++)
        {
            using var stream = new MemoryStream();
            using (var json = new Utf8JsonWriter(stream))
            {
                json.WriteStartObject();
                json.WriteString("id", $"line {i}");
                Machine(json, data, random);
                if (kind == "check")
                    Stack(json, data, random);
                else if (random.Next(2) == 0)
                    Request(json, data, random);
                json.WriteEndObject();
            }

            output.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
        }
    }

    private static void Machine(Utf8JsonWriter json, MatrixData data, Random random)
    {
        var os = Pick(random, Systems);
        json.WriteStartObject("machine");
        json.WriteString("os", os);
        json.WriteString("arch", os == "linux" && random.Next(8) == 0 ? "aarch64" : "x86_64");
        var drivers = data.Drivers.Where(d => d.Os == (os == "linux" ? OperatingSystemFamily.Linux : OperatingSystemFamily.Windows)).ToArray();
        var modern = drivers.Where(d => d.Version.Branch >= 450).ToArray();
        if (random.Next(10) > 0)
            json.WriteString("driver", Pick(random, random.Next(4) > 0 ? modern : drivers).Version.ToString());
        if (random.Next(6) == 0)
            json.WriteString("maxCuda", Pick(random, data.DriverCuda).Cuda.ToString());
        json.WriteStartArray("gpus");
        for (var left = random.Next(8) == 0 ? 2 : 1; left > 0; left--)
        {
            json.WriteStartObject();
            json.WriteString("name", random.Next(3) > 0 ? Pick(random, CommonGpus) : Pick(random, data.Gpus).Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (random.Next(6) > 0)
            json.WriteString("python", Pick(random, Pythons));
        if (os == "linux" && random.Next(3) > 0)
            json.WriteString("glibc", random.Next(4) == 0 ? "2.17" : "2.35");
        if (random.Next(4) == 0)
            json.WriteString("gcc", random.Next(2) == 0 ? "11.4" : "14.2");
        json.WriteEndObject();
    }

    private static void Request(Utf8JsonWriter json, MatrixData data, Random random)
    {
        json.WriteStartObject("request");
        switch (random.Next(6))
        {
            case 0:
                json.WriteString("torch", Pick(random, data.Builds.Where(b => b.Package == "torch").ToArray()).Version.ToString());
                break;
            case 1:
                json.WriteString("cuda", Pick(random, data.Builds.Where(b => b.Tag is { IsCpu: false }).ToArray()).Tag.ToString());
                break;
            case 2:
                json.WriteString("packaging", Pick(random, (string[])["uv", "conda", "conda-forge"]));
                break;
            case 3:
                json.WriteStartArray("components");
                json.WriteStringValue(random.Next(2) == 0 ? "torch" : "toolkit");
                json.WriteEndArray();
                break;
            case 4:
                json.WriteString("policy", Pick(random, (string[])["strict", "forward"]));
                break;
            default:
                json.WriteString("torch", ">=2.0,<2.6");
                json.WriteBoolean("compiles", true);
                break;
        }

        json.WriteEndObject();
    }

    private static void Stack(Utf8JsonWriter json, MatrixData data, Random random)
    {
        var builds = data.Builds.Where(b => b.Package == "torch" && b.Tag is not null && b.Packaging == Packaging.Pip && b.Os == OperatingSystemFamily.Linux && b.Arch == CpuArchitecture.X64).ToArray();
        var recent = builds.Where(b => b.Version.Release.Major >= 2).ToArray();
        var build = Pick(random, random.Next(4) > 0 ? recent : builds);
        json.WriteStartObject("stack");
        json.WriteString("torch", build.Version.ToString());
        if (random.Next(5) > 0)
            json.WriteString("cudaTag", build.Tag.ToString());
        if (random.Next(2) == 0 && data.Companions.FirstOrDefault(c => c.Torch.CompareTo(build.Version) == 0 && c.Package == "torchvision") is { } vision)
            json.WriteString("torchvision", vision.Version.ToString());
        if (random.Next(3) == 0)
            json.WriteString("toolkit", Pick(random, data.Toolkits.Where(t => t.Kind is "ga" or "update" && t.Version.Major >= 11).ToArray()).Version.ToString());
        if (random.Next(4) == 0)
            json.WriteString("cudnn", Pick(random, data.Cudnn).Version.ToString());
        json.WriteEndObject();
    }

    private static T Pick<T>(Random random, IReadOnlyList<T> list) => list[random.Next(list.Count)];
}
