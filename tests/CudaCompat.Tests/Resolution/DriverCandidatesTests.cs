using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Resolution;
using CudaCompat.Resolution.Alternatives;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Resolution;

/// <summary>The drivers that remedies try: one for each point at which any verdict can change, and no other.</summary>
public sealed class DriverCandidatesTests
{
    [Theory]
    [InlineData(OperatingSystemFamily.Linux)]
    [InlineData(OperatingSystemFamily.Windows)]
    public void Candidates_OfASystem_AreTheFirstReleasesAtEachPointOfChange(OperatingSystemFamily os)
    {
        // A matrix of its own, since the list is kept beside it.
        var matrix = CompatibilityMatrix.Load(Path.Combine(SharedCaptures.Repository, "data"));
        var table = matrix.DriversOf(os);
        var candidates = DriverCandidates.For(MachineFacts.Of(matrix, new DriverInfo { OperatingSystem = os }));
        candidates.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems().And.OnlyContain(driver => driver.Parts > 1);

        var floors = matrix.Data.DriverRequirements.Where(r => r.Os == os && r.Used).Select(r => r.Minimum)
            .Concat(matrix.Data.DriverCuda.Where(r => r.Os == os).Select(r => r.From))
            .Concat(matrix.Data.CudnnSupport.Select(r => os == OperatingSystemFamily.Windows ? r.MinDriverWindows : r.MinDriverLinux).OfType<DriverVersion>());
        var releases = matrix.Data.Drivers.Where(d => d.Os == os && d.Version.Parts > 1).Select(d => d.Version).Order().ToArray();
        var branches = matrix.Architectures.Rows.Select(a => a.FirstDriverBranch).OfType<int>().Select(first => releases.FirstOrDefault(r => table.BranchOf(r) >= first)).Where(r => r != default);
        var expected = floors.Select(floor => releases.FirstOrDefault(r => r >= floor)).Where(r => r != default).Concat(branches).Append(releases[0]).Distinct().Order();
        candidates.Should().Equal(expected);
    }

    [Fact]
    public void NewerFirst_OnAMachineWithADriver_BeginsAboveIt()
    {
        var machine = MachineFacts.Of(CompatibilityMatrix.Embedded, new DriverInfo { OperatingSystem = OperatingSystemFamily.Linux, Driver = DriverVersion.Parse("525.60.13") });
        var all = DriverCandidates.For(machine);
        var ordered = DriverCandidates.NewerFirst(machine).ToArray();
        ordered[0].Should().Be(all.First(d => d > DriverVersion.Parse("525.60.13")));
        ordered.Should().BeEquivalentTo(all);
        ordered[^1].Should().Be(DriverVersion.Parse("525.60.13"), "the older ones come last, oldest first");
        var unknown = MachineFacts.Of(CompatibilityMatrix.Embedded, new DriverInfo { OperatingSystem = OperatingSystemFamily.Linux });
        DriverCandidates.NewerFirst(unknown).Should().Equal(all);
    }
}
