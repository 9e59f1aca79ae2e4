using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Tests.Live;

/// <summary>A made-up release from the first listing to the plans that change, without a line of C#.</summary>
public class NewReleaseTests : LiveTest
{
    [Fact]
    public void Torch_NewRelease_IsPlannedAndTheReportSaysForWhom()
    {
        Publish(Upstream, Data);
        var report = Path.Combine(Folder, "news.md");
        var (code, output, error) = Refresh("wheels-torch wheels-torchvision wheels-torchaudio pypi-torch pypi-torchvision pypi-torchaudio arch-scripts", "--report", report);
        code.Should().Be(5, output + error);
        File.ReadAllText(report).Should().Be(output);
        output.Should().Contain("new in torch-releases: 1\n  - 2.16.0").And.Contain("torch, 2.16.0, cu130").And.MatchRegex(@"[1-9]\d* of 241 machines get another plan\.");
        var changed = output[output.IndexOf("## Plans", StringComparison.Ordinal)..output.IndexOf("## wheels-torch ", StringComparison.Ordinal)];
        changed.Should().MatchRegex(@"- \d+: torch 2\.1\S+ → 2\.16\.0\+cu130, torchvision \S+ → 0\.30\.0, torchaudio \S+ → 2\.16\.0").And.Contain("  - linux/x86_64 wsl/x86_64; driver ")
            .And.NotContain("aarch64", "no wheel for it was published").And.NotContain("windows");
        Run(["check", "--data", Data]).Code.Should().Be(0);
        Refresh("wheels-torch wheels-torchvision wheels-torchaudio pypi-torch pypi-torchvision pypi-torchaudio arch-scripts").Code.Should().Be(0);
    }

    /// <summary>Serves torch 2.16.0 and its companions for CUDA 13.0 and 12.6 on Linux, wherever upstream would say so.</summary>
    internal static void Publish(LocalUpstream upstream, string data)
    {
        string[] named = ["cpu", "cu118", "cu126", "cu128", "cu129", "cu130", "cu132"];
        foreach (var (package, version) in new[] { ("torch", "2.16.0"), ("torchvision", "0.30.0"), ("torchaudio", "2.16.0") })
        {
            var known = UpstreamPages.Known(data, package);
            var sample = known.Last(r => r.Index == "cu126" && r.Os == Machines.OperatingSystemFamily.Linux);
            var fresh = new[] { "cu126", "cu130" }.SelectMany(t => new[] { "cp311", "cp312" }.Select(p => sample with { Index = t, FileName = $"{package}-{version}+{t}-{p}-{p}-manylinux_2_28_x86_64.whl", Sha256 = new string('7', 64) }));
            UpstreamPages.Wheels(upstream, package, [.. known, .. fresh], named);
            upstream.Pages[$"pypi.org/simple/{package}/"] = UpstreamPages.PackageIndex(data, package, $"{package}-{version}-cp311-cp311-manylinux_2_28_x86_64.whl", version);
            upstream.Pages[$"pypi.org/pypi/{package}/{version}/json"] = package == "torch"
                ? UpstreamPages.Release(package, version, "filelock", "nvidia-cuda-runtime==13.0.96; platform_system == \"Linux\"", "nvidia-cudnn-cu13==9.20.0.48; platform_system == \"Linux\"")
                : UpstreamPages.Release(package, version, "torch==2.16.0");
        }

        foreach (var tag in new[] { "v2.14.1", "v2.15.0" })
            upstream[ScriptPages.Raw + tag + "/.ci/manywheel/build_env_setup.py"] = ScriptPages.Linux(ScriptPages.Table);
        upstream[ScriptPages.Raw + "v2.16.0/.ci/manywheel/build_env_setup.py"] = ScriptPages.Linux(ScriptPages.Table);
    }
}
