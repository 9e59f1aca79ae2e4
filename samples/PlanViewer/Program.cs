// A .NET application that runs models through native CUDA libraries (as users of TorchSharp or LLamaSharp do) wants to know before it starts:
// can this machine run CUDA at all, which CUDA should the native packages be of, and what would the user have to install?
using CudaCompat;
using CudaCompat.Detection;
using CudaCompat.Documents;
using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Resolution;

// A machine document as the argument stands for another machine; without one, this machine is looked at.
DriverInfo machine;
try
{
    machine = args is [var file, ..] ? DocumentReader.Machine(await File.ReadAllTextAsync(file)) : await DriverDetector.DetectAsync();
}
catch (Exception e) when (e is BadInputException or IOException or MachineDocumentException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}

Console.WriteLine($"driver {machine.Driver?.ToString() ?? "not known"}, {machine.Gpus?.Count.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "an unknown number of"} GPU(s)");

var result = Resolver.TryPlan(machine, new PlanRequest { Components = ["toolkit", "cudnn", "torch"] });
if (result.Plan is not { } plan)
{
    Console.WriteLine($"No CUDA here ({result.Verdict}):");
    foreach (var finding in result.Findings)
        Console.WriteLine($"  {finding.Severity}: {finding.Message}");
    foreach (var remedy in result.Remedies)
        Console.WriteLine($"  would help: {remedy.Message}");
    return 1;
}

Console.WriteLine(plan.Stack.CudaTag is { IsCpu: false } tag
    ? $"Take the native packages for CUDA {tag.Cuda}; libtorch {plan.Stack.Torch} is the newest that runs."
    : $"No NVIDIA GPU to use: take the CPU packages; libtorch {plan.Stack.Torch} is the newest.");
Console.WriteLine(plan.Explanation);
Console.WriteLine();
Console.WriteLine("Steps");
foreach (var step in plan.Steps)
    Console.WriteLine($"  {(step.Optional ? "optional " : "")}{step.Description ?? $"{step.Component} {step.Version}"}");
foreach (var note in plan.Notes)
    Console.WriteLine($"  note: {note}");
return 0;
