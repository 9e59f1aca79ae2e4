using System.Text;
using System.Text.Json;
using CudaCompat.Planning;
using Xunit.Abstractions;

namespace CudaCompat.Execution.Tests.Real;

/// <summary>The win-x64 build as a real process under Wine.</summary>
public sealed class WineTests(WindowsBuild windows, ITestOutputHelper output) : IClassFixture<WindowsBuild>
{
    [WineFact]
    public void Detect_IsOfWindows_AndOfNothingOutsideIt()
    {
        var (code, document, errors) = windows.Run("detect", "--json");
        output.WriteLine(document);
        code.Should().Be(0, errors);
        var machine = JsonDocument.Parse(document).RootElement;
        (machine.GetProperty("os").GetString(), machine.GetProperty("arch").GetString()).Should().Be(("windows", "x86_64"));
        machine.GetProperty("glibc").ValueKind.Should().Be(JsonValueKind.Null);
        machine.GetProperty("gpus").GetArrayLength().Should().Be(0, "Wine's registry has no NVIDIA card");
        var text = windows.Run("detect").Output;
        text.Should().NotContain("/sys/").And.NotContain("/var/", "Linux's folders are not Windows'");
    }

    [WineFact]
    public void Doctor_FindsNothingWrong()
    {
        var (code, text, errors) = windows.Run("doctor");
        output.WriteLine(text);
        code.Should().Be(0, text + errors);
    }

    [WineFact]
    public void Plan_ForADriver_IsTheOneThatLinuxWrites()
    {
        var (code, text, errors) = windows.Run("plan", "--json", "--driver", "560.94", "--arch", "x86_64", "--gpu", "RTX 4090", "--python", "3.12");
        code.Should().Be(0, errors);
        var plan = JsonDocument.Parse(text).RootElement.GetProperty("plan");
        plan.GetProperty("machine").GetProperty("os").GetString().Should().Be("windows", "the machine it runs on");
        plan.GetProperty("stack").GetProperty("cudaTag").GetString().Should().Be("cu126");
        plan.GetProperty("commands")[0].GetString().Should().Contain("/whl/cu126");
    }

    [WineFact]
    public async Task Apply_OfArchivesAndCudnn_MergesThem_AgainChangesNothing_AndIsUndone()
    {
        await using var server = await LocalServer.StartAsync();
        using var scratch = new Scratch();
        var prefix = scratch["cuda"];
        var plan = FullStack.Of([.. FullStack.ToolkitSteps(server, "windows-x86_64", WindowsBuild.Windows(prefix))]);
        await File.WriteAllBytesAsync(scratch["plan.json"], InstallPlanDocument.Write(plan));
        string[] places = ["--journal", WindowsBuild.Windows(scratch["journal"]), "--cache", WindowsBuild.Windows(scratch["cache"])];
        string[] apply = ["apply", WindowsBuild.Windows(scratch["plan.json"]), "--yes", .. places];

        var first = windows.Run(apply);
        output.WriteLine(first.Output + first.Errors);
        first.ExitCode.Should().Be(0, first.Output + first.Errors);
        foreach (var file in (string[])["bin/nvcc.exe", "bin/cudart64_12.dll", "lib/x64/cudart.lib", "lib/x64/cudnn.lib", "include/cudnn_version.h"])
            File.Exists(Path.Combine(prefix, file)).Should().BeTrue(file);
        File.Exists(Path.Combine(prefix, "bin/cudnn64_9.dll")).Should().BeTrue("it lies in bin\\x64 of the archive, which is on no PATH");
        File.ReadAllText(Path.Combine(prefix, "version.json"), Encoding.UTF8).Should().Contain("12.8.1");
        var merged = Scratch.Picture(prefix);

        var verified = windows.Run("verify", "--toolkit", WindowsBuild.Windows(prefix), "--checks", "cudnn", "--json");
        verified.ExitCode.Should().Be(0, verified.Output + verified.Errors);
        verified.Output.Should().Contain("9.10.2");

        var second = windows.Run(apply);
        second.ExitCode.Should().Be(0, second.Output + second.Errors);
        Scratch.Picture(prefix).Should().Equal(merged, "a finished plan changes nothing");

        var undone = windows.Run(["apply", "--rollback", "--yes", .. places]);
        output.WriteLine(undone.Output + undone.Errors);
        undone.ExitCode.Should().Be(0, undone.Output + undone.Errors);
        Directory.Exists(prefix).Should().BeFalse("the folder was not there before");
    }
}
