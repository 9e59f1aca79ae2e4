using System.CommandLine;
using CudaCompat.Environments;

namespace CudaCompat.Cli.Input;

/// <summary><c>--python-path</c>: a Python environment by its folder or its interpreter.</summary>
internal sealed class PythonPathOption(string description)
{
    private readonly Option<string?> _path = new("--python-path") { Description = description, HelpName = "PATH" };

    public void AddTo(Command command) => command.Options.Add(_path);

    /// <summary>The path, whole; null where none is given.</summary>
    /// <exception cref="UsageException">There is no environment.</exception>
    public string? Read(ParseResult parse)
    {
        if (parse.GetValue(_path) is not { } named)
            return null;
        var path = named.Length > 0 ? Path.GetFullPath(named) : "";
        return path.Length > 0 && EnvironmentReader.IsEnvironment(path)
            ? path
            : throw new UsageException($"--python-path: '{TextInput.Short(named)}' is no Python interpreter and no folder of a Python environment.");
    }
}
