using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Tests.Live;

/// <summary>The wheel index as it is on a good day, as it grows, and on the days when most of it was gone.</summary>
public class WheelIndexTests : LiveTest
{
    private const string Source = "wheels-torchaudio", Package = "torchaudio";
    private static readonly string[] Named = ["cpu", "cu118", "cu126", "cu128", "cu130"];

    [Fact]
    public void Index_AsKnown_TellsNothingNew()
    {
        UpstreamPages.Wheels(Upstream, Package, UpstreamPages.Known(Data, Package), Named);
        var (code, output, error) = Refresh(Source);
        code.Should().Be(0, output + error);
        output.Should().Contain("is no longer named by the index", "cu121 is known but not in the list, and was read all the same");
    }

    [Fact]
    public void Index_NewPythonOfABuild_IsAdded()
    {
        var rows = UpstreamPages.Known(Data, Package);
        var build = rows.Last(r => r.Index == "cu128" && r.Os == Machines.OperatingSystemFamily.Linux && r.Python is { FreeThreaded: false });
        var name = build.FileName.Replace($"-cp{build.Python!.Value.ToString().Replace(".", "")}-cp{build.Python!.Value.ToString().Replace(".", "")}-", "-cp316-cp316-");
        UpstreamPages.Wheels(Upstream, Package, [.. rows, build with { FileName = name, Sha256 = new string('d', 64) }], Named);
        var (code, output, error) = Refresh(Source);
        code.Should().Be(5, error);
        output.Should().Contain("pythons").And.Contain("3.16").And.Contain(name);
        Read("build-files.json").Should().Contain($"\"url\":\"https://download.pytorch.org/whl/cu128/{name.Replace("+", "%2B")}\"");
        Refresh(Source).Code.Should().Be(0);
    }

    [Fact]
    public void Index_MostRowsGone_IsRefusedAsAWhole()
    {
        var rows = UpstreamPages.Known(Data, Package);
        UpstreamPages.Wheels(Upstream, Package, rows.Where((_, i) => i % 3 == 0), Named);
        var before = Snapshot();
        var (code, output, error) = Refresh(Source);
        code.Should().Be(1);
        error.Should().Contain($"{Source}: FAILED").And.Contain("the list shrank").And.Contain("--accept-loss");
        output.Should().Contain("what it said before stays");
        Snapshot().Should().Equal(before);
    }

    [Fact]
    public void Index_LossAccepted_RowsStayAndAreMarkedAndMayComeBack()
    {
        var rows = UpstreamPages.Known(Data, Package);
        var lost = rows.Last(r => r.Index == "cu118");
        UpstreamPages.Wheels(Upstream, Package, rows.Where(r => r.FileName != lost.FileName), Named);
        Refresh(Source).Code.Should().Be(1, "fewer wheels than before");
        var (code, output, _) = Refresh(Source, "--accept-loss", Source);
        code.Should().Be(5);
        output.Should().Contain("vanished upstream, kept and marked: 1").And.Contain("last seen");
        Read("build-files.json").Should().Contain(lost.FileName);
        Said(Source).Should().Contain("\"gone\":[{\"subject\":\"build-files\"").And.Contain(lost.FileName);
        Refresh(Source).Code.Should().Be(0, "what vanished is known");
        UpstreamPages.Wheels(Upstream, Package, rows, Named);
        Refresh(Source).Output.Should().Contain("listed again: 1");
        Said(Source).Should().Contain("\"gone\":[]");
    }

    [Fact]
    public void Index_DirectoryVanished_ItsRowsStay()
    {
        UpstreamPages.Wheels(Upstream, Package, UpstreamPages.Known(Data, Package), Named);
        Upstream.Pages[$"download.pytorch.org/whl/cu118/{Package}/"] = new LocalPage("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", 403, "application/xml");
        var (code, output, error) = Refresh(Source);
        code.Should().Be(0, error);
        output.Should().Contain($"directory cu118 has no page of {Package} any more; what it held stays");
    }

    [Fact]
    public void Index_PagesDisagreeOnAHash_Fails()
    {
        var rows = UpstreamPages.Known(Data, Package);
        UpstreamPages.Wheels(Upstream, Package, rows, Named);
        var page = Upstream.Pages[$"download.pytorch.org/whl/cu118/{Package}/"];
        var hash = rows.First(r => r.Index == "cu118").Sha256!;
        Upstream[$"download.pytorch.org/whl/cu118/{Package}/"] = page.Text.Replace(hash, new string('e', 64));
        var (code, _, error) = Refresh(Source);
        code.Should().Be(1);
        error.Should().Contain("has another SHA-256 than on another page");
    }

    [CapturesFact]
    public void Index_RealDaysOneAfterAnother_NothingThatWasIsLost()
    {
        WithoutWheels();
        Serve("2025-07-17");
        var (first, _, problem) = RefreshAll();
        first.Should().Be(5, problem);
        var july = Files();
        july.Should().Contain(f => f.StartsWith("torch-2.7.1+cu128", StringComparison.Ordinal)).And.NotContain(f => f.StartsWith("torch-2.8.0", StringComparison.Ordinal));
        foreach (var (day, release) in new[] { ("2025-10-22", "torch, 2.9.0, cu130"), ("2026-03-15", "torch, 2.10.0, cu130") })
        {
            Serve(day);
            var (code, output, error) = RefreshAll();
            code.Should().Be(5, error);
            output.Should().Contain(release);
        }

        Files().Should().Contain(july);
        RefreshAll().Code.Should().Be(0);
    }

    [CapturesTheory]
    [InlineData("2025-07-17", "2025-09-24")]
    [InlineData("2025-10-22", "2025-12-10")]
    public void Index_RealBadDay_IsRefused(string good, string bad)
    {
        WithoutWheels();
        Serve(good);
        var (first, _, problem) = RefreshAll();
        first.Should().Be(5, problem);
        var before = Snapshot();
        Serve(bad);
        var (code, _, error) = RefreshAll();
        code.Should().Be(1);
        error.Should().Contain("wheels-torch: FAILED").And.Contain("wheels-torchvision: FAILED").And.Contain("wheels-torchaudio: FAILED").And.Contain("the list shrank");
        Snapshot().Should().Equal(before);
    }

    private (int Code, string Output, string Error) RefreshAll() => Refresh("wheels-torch wheels-torchvision wheels-torchaudio");

    private List<string> Files() => [.. CudaCompat.Data.Refresh.FactStore.Load(Data).BuildFiles.Rows.Where(f => f.Packaging == Packaging.Pip).Select(f => f.FileName)];

    // As if the wheel index had never been read.
    private void WithoutWheels()
    {
        var old = PackageVersion.Parse("2.8.0");
        EditSaid("build-files", r => r["packaging"]!.ToString() == "pip" ? null : r);
        EditSaid("builds", r => r["packaging"]!.ToString() != "pip" || (r["package"]!.ToString() == "torch" && PackageVersion.Parse(r["version"]!.ToString()) < old) ? r : null);
    }

    private void Serve(string day)
    {
        Upstream.Pages.Clear();
        CapturedUpstream.ServeWheels(Upstream, day);
    }
}
