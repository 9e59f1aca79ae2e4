using System.Text.Json;
using CudaCompat.Detection;
using CudaCompat.Detection.Text;
using CudaCompat.Machines;
using Xunit.Abstractions;

namespace CudaCompat.Tests.Detection;

/// <summary>Every captured output gives its expected facts or its named failure.</summary>
public sealed class TranscriptTests(ITestOutputHelper output)
{
    public static TheoryData<string> Files
    {
        get
        {
            var files = new TheoryData<string>();
            foreach (var entry in Index())
                files.Add(entry.GetProperty("file").GetString()!);
            return files;
        }
    }

    [SharedFact]
    public void Index_NamesEveryTranscript_AndEachGivesItsFacts()
    {
        var entries = Index();
        var listed = entries.Select(e => e.GetProperty("file").GetString()!).ToHashSet();
        var present = Directory.GetFiles(Folder()).Select(f => Path.GetFileName(f)!).Where(f => f != "index.jsonl").ToHashSet();
        present.Should().BeEquivalentTo(listed);

        var counts = entries.Select(Check).ToArray();
        output.WriteLine($"{counts.Length} of {entries.Count} transcripts give their facts: {counts.Sum(c => c.Found)} facts found, and {counts.Sum(c => c.NotInText)} not in the text (the system it was run on)");
    }

    [SharedTheory]
    [MemberData(nameof(Files))]
    public void Transcript_Parsed_GivesItsFacts(string file) => Check(Index().Single(e => e.GetProperty("file").GetString() == file)).Found.Should().BePositive();

    /// <summary>Holds every expected fact against what its parser found, and counts.</summary>
    private static (int Found, int NotInText) Check(JsonElement entry)
    {
        var file = entry.GetProperty("file").GetString()!;
        var text = File.ReadAllText(Path.Combine(Folder(), file));
        var found = Facts(entry.GetProperty("kind").GetString()!, text);
        var (facts, notInText) = (0, 0);
        foreach (var fact in entry.GetProperty("expected").EnumerateObject())
        {
            if (fact.Name is "os" or "wsl" or "unified_memory" && !found.ContainsKey(fact.Name))
            {
                notInText++; // where it was run, which the text need not show
                continue;
            }

            found.Should().ContainKey(fact.Name);
            Plain(found[fact.Name]).Should().Be(Plain(fact.Value), $"{fact.Name} of {file}");
            facts++;
        }

        return (facts, notInText);
    }

    /// <summary>A failure that betrays its system betrays the right one. (WSL stands in the index as linux or windows, with a mark of its own.)</summary>
    [SharedTheory]
    [MemberData(nameof(Files))]
    public void Transcript_OfAFailure_IsOfTheSystemItWasRunOn(string file)
    {
        var entry = Index().Single(e => e.GetProperty("file").GetString() == file);
        var kind = entry.GetProperty("kind").GetString()!;
        var expected = entry.GetProperty("expected");
        if (kind is not ("smi_error" or "nvcc_error" or "install_failure") || !expected.TryGetProperty("os", out var os))
            return;
        var text = File.ReadAllText(Path.Combine(Folder(), file));
        var failure = kind == "smi_error" ? MachineReader.FromNvidiaSmi(text).Failure! : FailureText.Parse(text, kind == "nvcc_error" ? "nvcc" : "install")!;
        if (failure.OperatingSystem is { } shown)
            shown.Should().Be(expected.TryGetProperty("wsl", out _) ? OperatingSystemFamily.Wsl : os.GetString() == "windows" ? OperatingSystemFamily.Windows : OperatingSystemFamily.Linux);
    }

    [SharedTheory]
    [MemberData(nameof(Files))]
    public void Transcript_OfAMachine_GivesItsOperatingSystem(string file)
    {
        var entry = Index().Single(e => e.GetProperty("file").GetString() == file);
        var kind = entry.GetProperty("kind").GetString()!;
        if (!kind.StartsWith("smi_", StringComparison.Ordinal) || kind is "smi_list" or "smi_error" or "smi_version")
            return;
        var reading = MachineReader.FromNvidiaSmi(File.ReadAllText(Path.Combine(Folder(), file)));
        reading.Failure.Should().BeNull();
        var expected = entry.GetProperty("expected");
        var os = expected.TryGetProperty("os", out var stated) ? stated.GetString()! : "linux";

        // The single exception. Two captures of one machine, one listed as Windows and one as WSL, state the same: one driver number, WDDM, a persistence
        // mode, a process /Xwayland. No reading serves both; WDDM is read as Windows, as the contract says, and the assumption tells of WSL.
        if (expected.TryGetProperty("wsl", out _))
        {
            reading.Machine!.Assumptions.Should().Contain(a => a.Contains("--os wsl"));
            return;
        }

        reading.Machine!.OperatingSystem.Should().Be(os == "windows" ? OperatingSystemFamily.Windows : OperatingSystemFamily.Linux);
        if (os == "linux-tegra")
            (reading.Machine.Tegra, reading.Machine.Architecture).Should().Be((true, CpuArchitecture.Arm64));
    }

    private static Dictionary<string, object?> Facts(string kind, string text)
    {
        switch (kind)
        {
            case "smi_table" or "smi_q" or "smi_xml" or "smi_list" or "smi_version" or "smi_query_csv":
                return OfSmi(kind, text);
            case "proc_version":
                var module = KernelModuleText.Parse(text)!;
                return new() { ["driver_version"] = module.Driver, ["kernel_module"] = module.Flavour.ToString().ToLowerInvariant(), ["gcc"] = module.Compiler };
            case "nvcc_version":
                var nvcc = NvccText.Parse(text)!;
                return new() { ["toolkit_release"] = nvcc.Release, ["nvcc_version"] = nvcc.NvccVersion, ["build"] = nvcc.Build };
            case "cuda_version_json":
                var json = ToolkitFileText.ParseJson(text)!;
                json.Version.Should().NotBeNull();
                return new() { ["cuda_toolkit_version"] = json.Toolkit, ["nvcc_version"] = json.Nvcc, ["bundled_driver"] = json.BundledDriver };
            case "cuda_version_txt":
                return new() { ["cuda_toolkit_version"] = ToolkitFileText.ParseText(text)!.Toolkit };
            case "cudnn_header":
                return new() { ["cudnn_version"] = CudnnHeaderText.Parse(text) };
            case "collect_env":
                return OfCollectEnv(CollectEnvText.Parse(text)!);
            case "install_output":
                var summary = InstallOutputText.Parse(text)!;
                return new() { ["driver"] = summary.Driver, ["toolkit_path"] = summary.ToolkitPath, ["uninstall"] = summary.Uninstall, ["logfile"] = summary.LogFile };
            case "smi_error":
                NvidiaSmiText.Parse(text).HasFacts.Should().BeFalse();
                return OfFailure(MachineReader.FromNvidiaSmi(text).Failure!);
            case "nvcc_error":
                return OfFailure(FailureText.Parse(text, "nvcc")!);
            case "install_failure":
                return OfFailure(FailureText.Parse(text, "install")!);
            default:
                throw new InvalidOperationException($"no parser for {kind}.");
        }
    }

    private static Dictionary<string, object?> OfSmi(string kind, string text)
    {
        var result = NvidiaSmiText.Parse(text);
        var facts = new Dictionary<string, object?>
        {
            ["nvidia_smi_version"] = result.NvidiaSmiVersion,
            ["nvml_version"] = result.NvmlVersion,
            ["driver_version"] = result.Driver,
            ["cuda_version"] = result.MaxCuda,
            ["attached_gpus"] = result.AttachedGpus,
            ["dtd"] = result.XmlSchema,
            ["columns"] = result.CsvColumns,
            ["tegra"] = MachineReader.FromNvidiaSmi(text).Machine?.Tegra,
            ["gpus"] = (result.Gpus ?? []).Select(g => kind == "smi_list"
                ? (object)new { index = g.Index, name = g.Name, uuid = g.Uuid }
                : new { index = g.Index, name = g.Name, bus_id = g.BusId, memory_total_mib = g.MemoryTotalMiB }),
            ["mig_devices"] = result.Gpus?.SelectMany(g => g.MigDevices ?? []),
            ["row_count"] = result.Gpus?.Count,
            ["rows"] = result.Gpus?.Select(g => g.MemoryTotalMiB is null
                ? (object)new { name = g.Name, driver_version = result.Driver }
                : new { name = g.Name, memory_total = $"{g.MemoryTotalMiB} MiB", driver_version = result.Driver, compute_cap = g.ComputeCapability }),
        };
        if (result.ShowsWsl)
            facts["wsl"] = true;
        return facts;
    }

    private static Dictionary<string, object?> OfCollectEnv(CollectEnvFacts env)
    {
        var facts = new Dictionary<string, object?>
        {
            ["torch_version"] = env.TorchVersion,
            ["torch_built_cuda"] = env.TorchBuiltCuda,
            ["cuda_available"] = env.CudaAvailable,
            ["cuda_runtime_version"] = env.CudaRuntimeVersion,
            ["driver_version"] = env.DriverVersion,
            ["cudnn_line"] = env.CudnnLine,
            ["os_line"] = env.OperatingSystemLine,
            ["python"] = env.Python,
            ["gpus"] = env.Gpus,
        };
        if (env.OperatingSystem is { } os)
            facts["os"] = os.ToString().ToLowerInvariant();
        return facts;
    }

    private static Dictionary<string, object?> OfFailure(DetectionFailure failure)
    {
        failure.Next.Should().NotBeNullOrEmpty();
        var facts = new Dictionary<string, object?>
        {
            ["error"] = failure.Kind,
            ["nvml_library_version"] = failure.Details.GetValueOrDefault("nvmlLibraryVersion"),
            ["bus_id"] = failure.Details.GetValueOrDefault("busId"),
            ["kernel"] = failure.Details.GetValueOrDefault("kernel"),
            ["requirement"] = failure.Details.GetValueOrDefault("requirement"),
            ["required_cuda"] = failure.Details.GetValueOrDefault("requiredCuda"),
            ["required_cudnn"] = failure.Details.GetValueOrDefault("requiredCudnn"),
            ["interactive"] = failure.Details.ContainsKey("interactive"),
        };
        foreach (var (name, key) in new[] { ("exit_code", "exitCode"), ("win32_error", "win32Error") })
            facts[name] = failure.Details.TryGetValue(key, out var number) ? int.Parse(number) : null;
        return facts;
    }

    private static string Plain(object? value) => value is JsonElement element
        ? JsonSerializer.Serialize(element)
        : JsonSerializer.Serialize(value is null or bool or int || value is System.Collections.IEnumerable ? value : value.ToString());

    private static List<JsonElement> Index() => SharedCaptures.Folder is null ? [] : [.. File.ReadLines(Path.Combine(Folder(), "index.jsonl")).Select(l => JsonDocument.Parse(l).RootElement)];

    private static string Folder() => Path.Combine(SharedCaptures.Folder!, "transcripts");
}
