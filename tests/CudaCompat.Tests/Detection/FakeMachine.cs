using CudaCompat.Detection;
using CudaCompat.Detection.Host;
using CudaCompat.Machines;

namespace CudaCompat.Tests.Detection;

/// <summary>A machine made of files in a temporary folder, with real small programs; removed at the end.</summary>
internal sealed class FakeMachine : IDisposable
{
    private readonly Dictionary<string, string> _environment = new() { ["PATH"] = "/usr/local/bin:/usr/bin:/bin", ["HOME"] = "/home/user" };

    public FakeMachine() => Folder("/usr/bin").Folder("/bin").Folder("/usr/local/bin");

    public string Root { get; } = Directory.CreateTempSubdirectory("cudacompat-machine-").FullName;

    public bool IsWindows { get; set; }

    public string? Glibc { get; set; } = "2.35";

    public string CurrentFolder { get; set; } = "";

    public IReadOnlyList<DisplayAdapter> Adapters { get; set; } = [];

    public FakeMachine File(string path, string text)
    {
        var real = Map(path);
        Directory.CreateDirectory(Path.GetDirectoryName(real)!);
        System.IO.File.WriteAllText(real, text);
        return this;
    }

    public FakeMachine Folder(string path)
    {
        Directory.CreateDirectory(Map(path));
        return this;
    }

    /// <summary>A shell script that is a program of the machine.</summary>
    public FakeMachine Program(string path, string script)
    {
        File(path, "#!/bin/sh\n" + script + "\n");
        return Mode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public FakeMachine Mode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(Map(path), mode);
        return this;
    }

    public FakeMachine Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Map(path))!);
        System.IO.File.CreateSymbolicLink(Map(path), target);
        return this;
    }

    public FakeMachine Variable(string name, string value)
    {
        _environment[name] = value;
        return this;
    }

    public string Map(string path) => new HostFiles(Root).Map(path);

    public DetectionHost Host() => new(new HostFiles(Root), _environment, IsWindows)
    {
        Architecture = CpuArchitecture.X64,
        Glibc = Glibc,
        CurrentFolder = CurrentFolder,
        DisplayAdapters = () => Adapters,
    };

    public Task<DetectionReport> DetectAsync(DetectionOptions? options = null) =>
        DriverDetector.DetectAsync(Host(), options ?? new DetectionOptions { ProbeLimit = TimeSpan.FromSeconds(20) }, TimeProvider.System, CancellationToken.None);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

/// <summary>A test whose fake programs are shell scripts.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "the fake programs are shell scripts.";
    }
}
