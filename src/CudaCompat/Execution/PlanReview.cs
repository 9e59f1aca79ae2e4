using System.Text.Json;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Planning;
using CudaCompat.Processes;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Execution;

/// <summary>
/// A plan is data, and this program decides: the plan's own request is solved again on this program's data, and whatever the plan would do
/// otherwise is a difference that a person has to agree to.
/// </summary>
/// <param name="Differences">What the plan does that this program would not, one sentence each.</param>
/// <param name="UnknownHosts">Hosts that the data does not name and nobody has said to trust.</param>
/// <param name="Remarks">What is different and changes nothing.</param>
internal sealed record PlanReview(IReadOnlyList<string> Differences, IReadOnlyList<string> UnknownHosts, IReadOnlyList<string> Remarks)
{
    /// <summary>Of a plan that a person has agreed to before.</summary>
    public static PlanReview None { get; } = new([], [], []);

    /// <summary>Why the plan is not carried out, one sentence each; empty where it is.</summary>
    public IReadOnlyList<string> Objections =>
        [.. Differences, .. UnknownHosts.Select(h => $"files would come from {VisibleText.Of(h)}, which this program's data does not name.")];

    /// <summary>What a person types who agrees all the same.</summary>
    public string Flags => string.Join(' ', UnknownHosts.Select(h => $"--trust {h}").Concat(Differences.Count > 0 ? ["--trust-plan"] : []));

    /// <summary>What decides nothing: words for people.</summary>
    private static readonly string[] Words = ["description", "evidence", "optional"];

    /// <summary>Compares a plan, as it came and not yet with this machine's folders, with what the data makes of its request.</summary>
    public static PlanReview Of(InstallPlan plan, ExecutionOptions options)
    {
        var addresses = AddressesOf(plan).ToArray();
        var unknown = addresses.Select(a => a.Host).Distinct().Where(h => !IsTrusted(h, options.TrustedHosts)).ToArray();
        if (options.TrustPlan && unknown.Length == 0)
            return None;
        var matrix = options.Matrix ?? CompatibilityMatrix.Embedded;
        var request = plan.Request ?? Derived(plan);
        var (own, refusal) = Solve(plan, request, matrix);
        var differences = Compare(own, refusal, plan);
        if (differences.Count > 0 && Solve(plan, Pinned(request, plan.Stack), matrix) is ({ } pinned, _) && Compare(pinned, null, plan) is var closer && closer.Count < differences.Count)
            (own, differences) = (pinned, closer); // made from other data: newer data may choose a newer torch, and knows this one all the same
        // A plan may name any mirror or index as its own; that makes no host of it trusted.
        var hosts = AddressesOf(own).Select(a => a.Host).Except(MirrorAddress.HostsOf(request.Mirror, request.Index)).Concat(HostsOf(matrix)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var (here, remarks) = Here(plan, options.Machine, matrix);
        return new PlanReview(options.TrustPlan ? [] : [.. here, .. differences], [.. unknown.Where(h => !hosts.Contains(h))], remarks);
    }

    /// <summary>Every address that a plan takes something from.</summary>
    private static IEnumerable<Uri> AddressesOf(InstallPlan? plan) => (plan?.Steps ?? []).SelectMany(s => (IEnumerable<string?>)(s switch
    {
        DownloadStep d => [d.Url, .. d.Mirrors],
        TorchStep t => [t.Url, t.IndexUrl, .. t.ExtraIndexUrls, .. t.FindLinks, .. t.Mirrors, .. t.Channels, .. t.Files.Select(f => f.Url)],
        ToolkitStep or CudnnStep => [s.Url, Planning.Steps.PipToolkitSteps.PlaceOf(s)?.IndexUrl, .. (s.Command ?? []).Where(PlanDocumentCheck.IsAddress)],
        _ => [s.Url],
    })).Where(PlanDocumentCheck.IsAddress).Select(a => new Uri(a!));

    private static bool IsTrusted(string host, IReadOnlyList<string> trusted) => trusted.Contains(host, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> HostsOf(CompatibilityMatrix matrix) => matrix.Install.Places.Select(p => p.Url)
        .Concat(matrix.Install.Mirrors.SelectMany(m => (IEnumerable<string?>)[m.Wheels, m.Pypi, m.NvidiaWheels, m.NvidiaFiles, .. m.Channels?.Values.ToArray() ?? []]).OfType<string>())
        .Where(PlanDocumentCheck.IsAddress).Select(a => new Uri(a.Replace("{tag}", "x", StringComparison.Ordinal)).Host);

    private static (InstallPlan? Plan, string? Refusal) Solve(InstallPlan plan, PlanRequest request, CompatibilityMatrix matrix)
    {
        if (plan.Machine is not { } machine)
            return (null, "the plan does not say which machine it is for.");
        try
        {
            var result = Resolver.TryPlan(machine, request, matrix);
            return (result.Plan, result.Plan is null ? "this program makes no plan for the plan's request." : null);
        }
        catch (Exception e) when (e is BadRequestException or UnknownMirrorException or ArgumentException)
        {
            return (null, $"this program makes no plan for the plan's request: {e.Message}");
        }
    }

    /// <summary>The request that a plan without one must have had, as far as it shows.</summary>
    private static PlanRequest Derived(InstallPlan plan)
    {
        var torch = plan.Steps.OfType<TorchStep>().FirstOrDefault();
        var toolkit = plan.Steps.OfType<ToolkitStep>().FirstOrDefault();
        var stack = plan.Stack;
        return Pinned(
            new PlanRequest
            {
                Components = ComponentNames.Of(stack),
                Packaging = torch?.Method,
                ToolkitFrom = toolkit?.Method is "runfile" ? "installer" : toolkit?.Method is { } way && PlanRequest.ToolkitWays.Contains(way) ? way : null,
                Compiles = stack.Compiles ? true : null,
            },
            stack);
    }

    private static PlanRequest Pinned(PlanRequest request, StackDocument stack) => request with
    {
        Torch = Exact(stack.Torch?.ToString()) ?? request.Torch,
        Torchvision = Exact(stack.Torchvision?.ToString()) ?? request.Torchvision,
        Torchaudio = Exact(stack.Torchaudio?.ToString()) ?? request.Torchaudio,
        Toolkit = Exact(stack.Toolkit?.ToString()) ?? request.Toolkit,
        Cudnn = Exact(stack.Cudnn?.ToString()) ?? request.Cudnn,
        Cuda = stack.Torch is null ? request.Cuda : stack.CudaTag?.ToString() ?? request.Cuda,
    };

    private static VersionSpec? Exact(string? version) => version is null ? null : VersionSpec.TryParse(version, out var spec) ? spec : null;

    private static List<string> Compare(InstallPlan? own, string? refusal, InstallPlan plan)
    {
        if (own is null)
            return [refusal!];
        var differences = new List<string>();
        var steps = plan.Steps.Select(s => (Key: Key(s), Fields: Fields(s))).ToArray();
        var mine = own.Steps.Select(s => (Key: Key(s), Fields: Fields(s))).ToArray();
        var alike = steps.Select(s => s.Fields["kind"]).SequenceEqual(mine.Select(m => m.Fields["kind"]));
        for (var i = 0; i < steps.Length; i++)
        {
            var fields = alike ? mine[i].Fields : mine.FirstOrDefault(m => m.Key == steps[i].Key).Fields;
            if (fields is null)
            {
                differences.Add($"step {i + 1} ({steps[i].Key}): this program would not do it.");
                continue;
            }

            foreach (var name in steps[i].Fields.Keys.Union(fields.Keys).Order(StringComparer.Ordinal))
            {
                var (found, wanted) = (steps[i].Fields.GetValueOrDefault(name), fields.GetValueOrDefault(name));
                if (found != wanted)
                    differences.Add(VisibleText.Of(SecretText.Mask($"step {i + 1} ({steps[i].Key}), {name}: {found ?? "nothing"}; this program's own plan: {wanted ?? "nothing"}.")));
            }
        }

        if (!alike)
            differences.AddRange(mine.Where(m => !steps.Any(s => s.Key == m.Key)).Select(m => $"the step {m.Key} of this program's own plan is not in it."));
        if (!plan.Environment.OrderBy(v => v.Key, StringComparer.Ordinal).SequenceEqual(own.Environment.OrderBy(v => v.Key, StringComparer.Ordinal)))
            differences.Add("the plan's environment variables are not those of this program's own plan.");
        return differences;
    }

    private static string Key(InstallStep step) => VisibleText.Of($"{Steps.StepRunners.KindOf(step)} {step.Component}{(step is DownloadStep ? " " + step.FileName : "")}");

    // Every field by its path, so that none is forgotten; empty lists and null say the same.
    private static SortedDictionary<string, string> Fields(InstallStep step)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using var document = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(step, InstallPlanJson.Readable.InstallStep));
        foreach (var field in document.RootElement.EnumerateObject().Where(f => !Words.Contains(f.Name)))
            Add(field.Name, field.Value);
        return fields;

        void Add(string path, JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (var field in value.EnumerateObject())
                        Add($"{path}.{field.Name}", field.Value);
                    break;
                case JsonValueKind.Array:
                    var i = 0;
                    foreach (var item in value.EnumerateArray())
                        Add($"{path}[{i++}]", item);
                    break;
                case JsonValueKind.Null:
                    break;
                default:
                    fields[path] = value.ToString();
                    break;
            }
        }
    }

    // Whether the stack runs here is what counts; that the driver is another is only said.
    private static (List<string> Differences, List<string> Remarks) Here(InstallPlan plan, DriverInfo? here, CompatibilityMatrix matrix)
    {
        var differences = new List<string>();
        var remarks = new List<string>();
        if (here is null || plan.Machine is not { } described)
            return (differences, remarks);
        if (described.Architecture is { } arch && here.Architecture is { } own && arch != own)
            differences.Add($"the plan is for {CpuArchitectureNames.Instance.NameOf(arch)}, and this machine is {CpuArchitectureNames.Instance.NameOf(own)}.");
        if (described.Glibc is { } glibc && here.Glibc is { } older && older < glibc)
            differences.Add($"the plan is for glibc {glibc}, and this machine has {older}.");
        if (described.Driver is { } driver && here.Driver is { } other && driver != other)
            remarks.Add($"the plan is for driver {driver}, and this machine has {other}.");
        if (here.Driver is null && here.Gpus is null or [])
        {
            if (described.Gpus is not (null or []))
                remarks.Add("no NVIDIA driver is seen on this machine; whether the stack runs here cannot be told.");
            return (differences, remarks);
        }

        var result = Resolver.Check(here with { Python = described.Python ?? here.Python }, plan.Stack, matrix);
        if (result.Verdict == CheckVerdict.Incompatible)
            differences.AddRange(result.Findings.Where(f => f.Severity == Severity.Error).Select(f => $"on this machine: {f.Message}"));
        return (differences, remarks);
    }
}
