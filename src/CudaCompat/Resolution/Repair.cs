namespace CudaCompat.Resolution;

/// <summary>One act that mends a Python environment, as data: the command that is printed and what the executor does are both made of it.</summary>
internal abstract record Repair;

/// <summary>Packages that pip or uv brings.</summary>
/// <param name="Requirements">As pip takes them: torchvision==0.28.0+cu130, sympy&gt;=1.13.3.</param>
/// <param name="Again">True to install them although they are listed as installed.</param>
/// <param name="Alone">True to leave what they require as it is.</param>
/// <param name="Index">The index that has them; null for the default one.</param>
internal sealed record InstallPackages(IReadOnlyList<string> Requirements, bool Again, bool Alone, string? Index) : Repair;

/// <summary>Packages that are taken away.</summary>
internal sealed record UninstallPackages(IReadOnlyList<string> Names) : Repair;

/// <summary>Folders of packages that an interrupted install or removal left behind.</summary>
internal sealed record RemoveLeftovers(IReadOnlyList<string> Paths) : Repair;

/// <summary>A virtual environment whose links to its base Python lead nowhere is linked to a Python of the same version.</summary>
internal sealed record RelinkPython(string Version) : Repair;

/// <summary>What mends a finding of an environment.</summary>
/// <param name="Command">The line that a person types.</param>
/// <param name="Repairs">The same as acts, in order; empty where only a person can do it (a variable of a shell, what needs an administrator).</param>
internal sealed record Mending(string Command, IReadOnlyList<Repair> Repairs);
