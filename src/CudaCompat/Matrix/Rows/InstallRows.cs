using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Matrix.Rows;

/// <summary>
/// data/curated/install-forms.json: the command of an era, in upstream's words. The first row that holds for a build wins, so the order of the file counts.
/// </summary>
/// <param name="From">First torch release of the era.</param>
/// <param name="Command">The command with {torch}, {torchvision}, {torchaudio}, {tag}, {cuda}, {digits}, {requires} (<see cref="BuildRow.Requires"/>), {wheels}, {index} to be filled in; a word that names an unwanted component or an unknown requirement is left out.</param>
/// <param name="To">Last torch release, null while it goes on.</param>
/// <param name="Tags">The CUDA tags it holds for, null for every one.</param>
/// <param name="Cpu">True for the tag cpu alone, false for CUDA tags alone, null for both.</param>
/// <param name="Os">The systems it holds for, null for every one.</param>
/// <param name="Default">The value of <see cref="BuildRow.Default"/> it holds for.</param>
/// <param name="Label">The value of <see cref="BuildRow.Label"/> it holds for.</param>
internal sealed record InstallFormRow(Packaging Packaging, PackageVersion From, string Command, string[] Sources, PackageVersion? To = null, CudaTag[]? Tags = null, bool? Cpu = null, OperatingSystemFamily[]? Os = null, bool? Default = null, bool? Label = null, string? Evidence = null, string? Note = null);

/// <summary>data/curated/install-places.json: an address that files or packages are taken from.</summary>
/// <param name="Name">wheels | pypi | toolkit-redist | nvidia-files | nvidia-repositories.</param>
internal sealed record InstallPlaceRow(string Name, string Url, string[] Sources, string? Evidence = null, string? Note = null);

/// <summary>data/curated/toolkit-layout.json: how a toolkit goes on by one method, and where its parts lie after that.</summary>
/// <param name="Method">installer | runfile | redist | apt | dnf | conda.</param>
/// <param name="Os">linux (also for wsl) or windows.</param>
/// <param name="Prefix">The folder it goes into, with {version}, {major}, {minor}; null where it is inside the Python environment.</param>
/// <param name="Own">True where the prefix can be chosen.</param>
/// <param name="Arguments">The arguments of the installer, with {prefix} and {components}.</param>
/// <param name="Path">Folders of the prefix that belong on PATH.</param>
/// <param name="Libraries">Folders of the prefix that belong on the library path.</param>
/// <param name="Home">Variables that name the prefix.</param>
/// <param name="SetsEnvironment">True where the method sets the variables itself.</param>
internal sealed record ToolkitLayoutRow(string Method, OperatingSystemFamily Os, bool Own, bool Admin, string[] Arguments, string[] Path, string[] Libraries, string[] Home, bool SetsEnvironment, string[] Sources, string? Prefix = null, CudaVersion? From = null, CudaVersion? To = null, string? Evidence = null, string? Note = null);

/// <summary>data/curated/redist-parts.json: what a component of a redistributable manifest is for.</summary>
/// <param name="Use">required: a manifest without it is not a whole toolkit; skip: not taken (drivers, services, profilers with a window).</param>
internal sealed record RedistPartRow(string Component, string Use, string[] Sources, CudaVersion? From = null, CudaVersion? To = null, string? Evidence = null, string? Note = null);

/// <summary>data/curated/installer-components.json: the component names of the Windows installer that make a toolkit without the display driver.</summary>
/// <param name="Names">Without the suffix _X.Y, which the installer wants on each.</param>
internal sealed record InstallerComponentRow(CudaVersion From, CudaVersion To, string[] Names, string[] Sources, string? Evidence = null, string? Note = null);

/// <summary>data/curated/package-names.json: the exact package of a package manager.</summary>
/// <param name="Manager">apt | dnf | conda | conda-forge.</param>
/// <param name="Component">toolkit | cudnn.</param>
/// <param name="Packages">With {version}, {major}, {minor} of the component and {cudaMajor}.</param>
/// <param name="Channel">Conda: the channel, with the same fields.</param>
/// <param name="Command">The program and the arguments before the packages.</param>
/// <param name="From">First version of the component.</param>
/// <param name="To">Last version, null while it goes on.</param>
internal sealed record PackageNameRow(string Manager, string Component, string[] Packages, string[] Command, bool Admin, string[] Sources, string? Channel = null, DottedVersion? From = null, DottedVersion? To = null, string? Evidence = null, string? Note = null);

/// <summary>data/curated/repositories.json: a package repository of NVIDIA, which has to be known to the package manager first.</summary>
/// <param name="Distribution">ubuntu2204, wsl-ubuntu, rhel9 …</param>
/// <param name="Setup">The file that makes it known, relative to the repository's folder.</param>
internal sealed record RepositoryRow(string Manager, string Distribution, string[] Archs, string Setup, string[] Sources, string? Evidence = null, string? Note = null);

/// <summary>data/curated/mirrors.json: a mirror and the shape of its addresses; a null part is not mirrored there.</summary>
/// <param name="Wheels">PyTorch wheels, with {tag}.</param>
/// <param name="Flat">True where the wheel folder is a flat list of files, which pip takes by --find-links only.</param>
/// <param name="Pypi">The default package index.</param>
/// <param name="NvidiaWheels">An index of NVIDIA's own wheels.</param>
/// <param name="Channels">Conda channel name to address.</param>
/// <param name="NvidiaFiles">What stands in for the host of NVIDIA's downloads.</param>
/// <param name="Apt">NVIDIA's package repositories, with {distribution} and {arch}.</param>
/// <param name="LastReport">When it was last reported to work, as the source says it.</param>
internal sealed record MirrorRow(string Name, string Title, string LastReport, string[] Sources, string? Wheels = null, bool Flat = false, string? Pypi = null, string? NvidiaWheels = null, Dictionary<string, string>? Channels = null, string? NvidiaFiles = null, string? Apt = null, string? Evidence = null, string? Note = null);

/// <summary>data/component-wheels.json: a package of the default index that is a part of a toolkit release, or a cuDNN.</summary>
/// <param name="Component">toolkit | cudnn.</param>
/// <param name="Version">The release that it is a part of: 13.0.2, 9.24.0.43.</param>
/// <param name="Package">nvidia-cuda-nvcc.</param>
/// <param name="Pin">The version of the package.</param>
/// <param name="Platforms">The platforms that have it, as in <see cref="RedistRow"/>.</param>
/// <param name="Compiler">True where it has nvcc, false where it has ptxas alone; null for other packages.</param>
internal sealed record WheelRow(string Component, DottedVersion Version, string Package, string Pin, string[] Platforms, string[] Sources, bool? Compiler = null, string? Evidence = null, string? Note = null);

/// <summary>data/curated/wheel-parts.json: what a package is for where a toolkit is made of packages.</summary>
/// <param name="Use">compiler: nvcc does not work without it; headers: torch's own headers include its headers, and torch's packages bring it on some systems alone.</param>
/// <param name="OfTorch">True where builds of torch for Linux pin it themselves, so that their version stays.</param>
internal sealed record WheelPartRow(string Package, string Use, string[] Sources, bool OfTorch = false, string? Evidence = null, string? Note = null);

/// <summary>data/curated/wheel-layouts.json: where the packages of a component lie below the folder of packages, and what has to be added by hand.</summary>
/// <param name="Component">toolkit | cudnn.</param>
/// <param name="Os">linux (also for wsl) or windows.</param>
/// <param name="Folder">Below site-packages, with {major} of the component; separated by /.</param>
/// <param name="Path">Folders of it that belong on PATH.</param>
/// <param name="Home">Variables that name it.</param>
/// <param name="Arch">The processor it holds for, null for every one.</param>
/// <param name="Links">Second names of its folders that programs look for: lib64 for lib.</param>
/// <param name="LinkerNames">The folder whose libraries lack the name without a number by which linkers look for them.</param>
/// <param name="From">First version of the component.</param>
/// <param name="To">Last version, null while it goes on.</param>
internal sealed record WheelLayoutRow(string Component, OperatingSystemFamily Os, string Folder, string[] Path, string[] Home, string[] Sources, CpuArchitecture? Arch = null, Dictionary<string, string>? Links = null, string? LinkerNames = null, DottedVersion? From = null, DottedVersion? To = null, string? Evidence = null, string? Note = null);

/// <summary>data/curated/step-notes.json: what to know about a component's step.</summary>
/// <param name="Component">toolkit | cudnn.</param>
/// <param name="Text">For people, with {file} for the file's name.</param>
/// <param name="Os">The systems it holds for, null for every one.</param>
/// <param name="FilePart">Only for files whose name contains this.</param>
/// <param name="From">First version of the component.</param>
/// <param name="To">Last version, null for all later ones.</param>
internal sealed record StepNoteRow(string Component, string Text, string[] Sources, OperatingSystemFamily[]? Os = null, string? FilePart = null, DottedVersion? From = null, DottedVersion? To = null, string? Evidence = null);
