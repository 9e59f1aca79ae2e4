using CudaCompat.Execution.Journals;
using CudaCompat.Planning;
using Microsoft.Win32;

namespace CudaCompat.Execution.Steps;

/// <summary>Sets variables for the user (Windows) or in a shell file, in a block of our own that can be taken out again.</summary>
internal sealed class EnvironmentRunner : IStepRunner
{
    public string Describe(InstallStep step, StepContext context) =>
        $"set {string.Join(", ", Names((EnvironmentStep)step))} {(IsRegistry(step) ? "for the user" : $"in {string.Join(", ", Files((EnvironmentStep)step, context).Select(f => f.Path))}")}";

    public Task<string?> FindDoneAsync(InstallStep step, StepContext context)
    {
        var environment = (EnvironmentStep)step;
        var done = IsRegistry(step)
            ? OperatingSystem.IsWindows() && AreSet(environment)
            : Files(environment, context).All(f => ShellBlock.Contains(f.Path, f.Block));
        return Task.FromResult(done ? $"{string.Join(", ", Names(environment))} are set" : null);
    }

    public Task<string> RunAsync(InstallStep step, StepContext context)
    {
        var environment = (EnvironmentStep)step;
        if (IsRegistry(step))
        {
            if (OperatingSystem.IsWindows())
            {
                foreach (var (name, value) in Variables(environment))
                    SetVariable(name, value, context);
            }

            return Task.FromResult($"{string.Join(", ", Names(environment))} set for the user; programs started from now on see it");
        }

        var files = Files(environment, context);
        foreach (var (path, block) in files)
        {
            if (ShellBlock.Contains(path, block))
                continue;
            context.CreateFolders(Path.GetDirectoryName(path)!);
            context.ReplaceFile(path, ShellBlock.AppendTo(path, block), block);
        }

        return Task.FromResult($"{string.Join(", ", Names(environment))} set in {string.Join(", ", files.Select(f => f.Path))}; shells started from now on see it");
    }

    private static IEnumerable<string> Names(EnvironmentStep step) => step.Set.Keys.Concat(step.Prepend.Keys).Distinct();

    private static bool IsRegistry(InstallStep step) => OperatingSystem.IsWindows() && ((EnvironmentStep)step).Scope != "activate";

    private static List<(string Path, string Block)> Files(EnvironmentStep step, StepContext context)
    {
        if (step.Scope != "activate")
        {
            var file = ShellBlock.UserFile(context.Options.ShellFile);
            return [(file, file.EndsWith(".fish", StringComparison.Ordinal) ? ShellBlock.Fish(step) : ShellBlock.Posix(step))];
        }

        var folder = context.EnvironmentFolder
            ?? throw new StepFailedException("the plan has no Python environment whose activation could set variables.", "use the scope user or shell-file.");
        return OperatingSystem.IsWindows() || Directory.Exists(Path.Combine(folder, "Scripts"))
            ? [(Path.Combine(folder, "Scripts", "activate.bat"), ShellBlock.Batch(step)), (Path.Combine(folder, "Scripts", "Activate.ps1"), ShellBlock.PowerShell(step))]
            : [(Path.Combine(folder, "bin", "activate"), ShellBlock.Posix(step)), (Path.Combine(folder, "bin", "activate.fish"), ShellBlock.Fish(step))];
    }

    [System.Runtime.Versioning.SupportedOSPlatform("windows")]
    private static bool AreSet(EnvironmentStep step) => Variables(step).All(v => ReadVariable(v.Name).Value == v.Value);

    [System.Runtime.Versioning.SupportedOSPlatform("windows")]
    private static (string? Value, bool IsExpandable) ReadVariable(string name)
    {
        using var key = Registry.CurrentUser.OpenSubKey("Environment");
        var value = key?.GetValue(name, null, RegistryValueOptions.DoNotExpandEnvironmentNames) as string;
        return (value, value is not null && key!.GetValueKind(name) == RegistryValueKind.ExpandString);
    }

    // As the variables are to be afterwards, with what is there now behind our folders.
    [System.Runtime.Versioning.SupportedOSPlatform("windows")]
    private static IEnumerable<(string Name, string Value)> Variables(EnvironmentStep step)
    {
        foreach (var (name, value) in step.Set)
            yield return (name, value);
        foreach (var (name, folders) in step.Prepend)
        {
            var there = (ReadVariable(name).Value ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries);
            yield return (name, string.Join(';', folders.Concat(there.Where(t => !folders.Contains(t, StringComparer.OrdinalIgnoreCase)))));
        }
    }

    [System.Runtime.Versioning.SupportedOSPlatform("windows")]
    private static void SetVariable(string name, string value, StepContext context)
    {
        var (old, isExpandable) = ReadVariable(name);
        if (old == value)
            return;
        context.Record(new UserVariableSet(name, old, isExpandable, value));
        using var key = Registry.CurrentUser.CreateSubKey("Environment");
        key.SetValue(name, value, isExpandable ? RegistryValueKind.ExpandString : RegistryValueKind.String);
    }
}
