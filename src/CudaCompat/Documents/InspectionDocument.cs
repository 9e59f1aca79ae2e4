using CudaCompat.Choosing;
using CudaCompat.Inspection;

namespace CudaCompat.Documents;

/// <summary>What <c>inspect --json</c> prints: the report and, where a machine is given, which of its candidates run there.</summary>
internal sealed record InspectionDocument
{
    public required string Path { get; init; }

    public required IReadOnlyList<InspectedFile> Files { get; init; }

    public required IReadOnlyList<CudaLibrary> Bundled { get; init; }

    public required IReadOnlyList<CudaBuild> Candidates { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    public required ChoiceDocument? Choice { get; init; }

    public static InspectionDocument Of(InspectionReport report, ChoiceResult? choice) => new()
    {
        Path = report.Path,
        Files = report.Files,
        Bundled = report.Bundled,
        Candidates = report.Candidates,
        Notes = report.Notes,
        Choice = choice is null ? null : ChoiceDocument.Of(choice),
    };
}
