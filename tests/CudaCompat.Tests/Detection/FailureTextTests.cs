using CudaCompat.Detection;
using CudaCompat.Detection.Text;
using CudaCompat.Machines;

namespace CudaCompat.Tests.Detection;

public sealed class FailureTextTests
{
    [Theory]
    [InlineData("Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.54", "driver_library_mismatch")]
    [InlineData("NVIDIA-SMI has failed because it couldn’t communicate\nwith the NVIDIA driver.", "driver_comm_failed")]
    [InlineData("Failed to initialize NVML: Driver Not Loaded", "driver_comm_failed")]
    [InlineData("Failed to initialize NVML: Unknown Error", "nvml_unknown_error")]
    [InlineData("Failed to initialize NVML: GPU access blocked by the operating system", "gpu_access_blocked")]
    [InlineData("Failed to initialize NVML: Insufficient Permissions", "nvml_insufficient_permissions")]
    [InlineData("Unable to determine the device handle for GPU0: 0000:09:00.0: GPU is lost.  Reboot the system to recover this GPU", "gpu_lost")]
    [InlineData("Unable to determine the device handle for GPU1: 0000:0A:00.0: Unknown Error\nNo devices were found", "device_handle_unknown_error")]
    [InlineData("No devices were found", "no_devices_found")]
    [InlineData("NVIDIA-SMI couldn't find libnvidia-ml.so library in your system.", "libnvidia_ml_missing")]
    [InlineData("zsh: command not found: nvidia-smi", "command_not_found")]
    [InlineData("fish: Unknown command: nvidia-smi", "command_not_found")]
    [InlineData("sh: 1: nvidia-smi: not found", "command_not_found")]
    [InlineData("Command 'nvidia-smi' not found, but can be installed with:\napt install nvidia-utils-535", "command_not_found")]
    [InlineData("'nvidia-smi' is not recognized as an internal or external command,\r\noperable program or batch file.", "command_not_found")]
    [InlineData("Der Befehl \"nvidia-smi\" ist entweder falsch geschrieben oder\nkonnte nicht gefunden werden.", "command_not_found")]
    [InlineData("nvidia-smi : Le terme «nvidia-smi» n'est pas reconnu comme nom d'applet de commande", "command_not_found")]
    [InlineData("\"nvidia-smi\" не является внутренней или внешней командой", "command_not_found")]
    [InlineData("'nvidia-smi' は、内部コマンドまたは外部コマンド、", "command_not_found")]
    [InlineData("-bash: nvidia-smi：未找到命令", "command_not_found")]
    [InlineData("OCI runtime exec failed: exec: \"nvidia-smi\": executable file not found in $PATH: unknown", "command_not_found")]
    [InlineData("docker: Error response from daemon: could not select device driver \"\" with capabilities: [[gpu]].", "container_init_failed")]
    [InlineData("nvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1: cannot open shared object file", "container_init_failed")]
    public void Failure_OfNvidiaSmi_IsNamedWithANextStep(string text, string kind)
    {
        var failure = MachineReader.FromNvidiaSmi(text).Failure!;
        failure.Kind.Should().Be(kind);
        failure.Next.Should().NotBeEmpty();
        MachineReader.FromNvidiaSmi("> " + text.Replace("\n", "\n> ")).Failure!.Kind.Should().Be(kind, "a quoted failure is the same");
    }

    [Fact]
    public void Failure_CarriesItsFacts()
    {
        FailureText.Parse("Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.54", "nvidia-smi")!.Details["nvmlLibraryVersion"].Should().Be("550.54");
        FailureText.Parse("Unable to determine the device handle for GPU0: 0000:09:00.0: Unknown Error", "nvidia-smi")!.Details["busId"].Should().Be("0000:09:00.0");
        FailureText.Parse("PS C:\\Users\\a> nvidia-smi\nNo devices were found", "nvidia-smi")!.OperatingSystem.Should().Be(OperatingSystemFamily.Windows);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("GPU")]
    [InlineData("| | | |")]
    [InlineData("<nvidia_smi_log><gpu id=")]
    [InlineData("a, b, c\n1, 2, 3")]
    [InlineData("12.5, 3")]
    public void OtherText_IsUnrecognised_WithANextStep(string text)
    {
        var failure = MachineReader.FromNvidiaSmi(text).Failure!;
        failure.Kind.Should().Be(DetectionFailure.Unrecognised);
        failure.Next.Should().NotBeEmpty();
    }

    [Fact]
    public void Facts_BesideAFailure_Win()
    {
        var reading = MachineReader.FromNvidiaSmi("bash: nvcc: command not found\nFailed to initialize NVML: Unknown Error\n| NVIDIA-SMI 550.54.15   Driver Version: 550.54.15   CUDA Version: 12.4 |");
        reading.Failure.Should().BeNull();
        reading.Machine!.Driver.ToString().Should().Be("550.54.15");
    }

    [Fact]
    public void Patterns_AreLowerCaseAndComplete()
    {
        foreach (var pattern in CuratedFacts.Failures)
        {
            pattern.Texts.Should().NotBeEmpty().And.OnlyContain(t => !t.Any(char.IsUpper) && !t.Contains("  ") && !t.Contains('’'));
            pattern.Message.Should().NotBeNullOrWhiteSpace();
            pattern.Next.Should().NotBeNullOrWhiteSpace();
            pattern.Evidence.Should().NotBeEmpty();
        }
    }
}
