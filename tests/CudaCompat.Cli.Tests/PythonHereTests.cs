using CudaCompat.Cli.Input;

namespace CudaCompat.Cli.Tests;

/// <summary>The command that is printed works where it is printed: in an environment, on a Python that its system owns, and where none is.</summary>
public sealed class PythonHereTests : IDisposable
{
    private const string Pip = "pip install torch==2.8.0";
    private readonly string _root = Directory.CreateTempSubdirectory("python-here").FullName;

    [Fact]
    public void Command_InAnEnvironment_IsPip() => Of(("VIRTUAL_ENV", "/home/me/.venv")).Should().Be(Pip);

    [Fact]
    public void Command_InCondasEnvironment_IsPip() => Of(("CONDA_PREFIX", "/opt/conda")).Should().Be(Pip);

    [Fact]
    public void Command_OnAPythonOfItsOwn_IsPip()
    {
        Program("pip");
        Of().Should().Be(Pip);
    }

    [Fact]
    public void Command_OnAManagedPython_MakesAnEnvironment()
    {
        if (OperatingSystem.IsWindows())
            return;
        Program("pip");
        Program("python3");
        Directory.CreateDirectory(Path.Combine(_root, "usr", "lib", "python3.12", "ensurepip"));
        File.WriteAllText(Path.Combine(_root, "usr", "lib", "python3.12", "EXTERNALLY-MANAGED"), "");
        Of().Should().Be($"python3 -m venv .venv && .venv/bin/{Pip}");
    }

    [Fact]
    public void Command_OnAFreshDebian_InstallsWhatMakesEnvironments()
    {
        if (OperatingSystem.IsWindows())
            return;
        Program("apt-get");
        Of(("USER", "me")).Should().Be($"sudo apt-get install -y python3-venv && python3 -m venv .venv && .venv/bin/{Pip}");
        Of(("USER", "root")).Should().Be($"apt-get install -y python3-venv && python3 -m venv .venv && .venv/bin/{Pip}");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Program(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, "usr", "bin")).FullName;
        File.WriteAllText(Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name), "");
    }

    private string Of(params (string Name, string Value)[] variables) => new PythonHere(
        _root,
        name => name == "PATH" ? Path.Combine(_root, "usr", "bin") : variables.FirstOrDefault(v => v.Name == name).Value).Command(Pip);
}
