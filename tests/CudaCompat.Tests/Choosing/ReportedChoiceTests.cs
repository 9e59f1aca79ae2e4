using System.Text.Json;
using CudaCompat.Choosing;
using CudaCompat.Documents;

namespace CudaCompat.Tests.Choosing;

/// <summary>The machines and builds of programs that people reported, with the build that runs and the reason of the others.</summary>
public sealed class ReportedChoiceTests
{
    public static TheoryData<string> Cases { get; } = Read();

    [SharedTheory]
    [MemberData(nameof(Cases))]
    public void Choose_OnAReportedMachine_TakesWhatRunsThere(string line)
    {
        using var document = JsonDocument.Parse(line);
        var wanted = document.RootElement;
        var choice = Resolver.Choose(DocumentReader.Machine(wanted.GetProperty("machine").GetRawText()), DocumentReader.Builds(wanted.GetProperty("candidates").GetRawText()));
        choice.Best?.Name.Should().Be(wanted.GetProperty("right").GetString());
        choice.Builds.Where(b => b.Verdict == BuildVerdict.Refused).ToDictionary(b => b.Build.Name, b => b.Rule)
            .Should().BeEquivalentTo(wanted.GetProperty("refused").EnumerateObject().ToDictionary(r => r.Name, r => r.Value.GetString()));
    }

    private static TheoryData<string> Read()
    {
        var cases = new TheoryData<string>();
        if (SharedCaptures.Folder is null)
            cases.Add("");
        else
            File.ReadLines(SharedCaptures.PathOf("sources/2026-11-dotnet-containers/choose-cases.jsonl")).ToList().ForEach(cases.Add);
        return cases;
    }
}
