using CudaCompat.Documents;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Matrix;

/// <summary>The images that the library carries say what the JSON files of data/ say.</summary>
public sealed class EmbeddedDataTests
{
    private static readonly string Folder = Path.Combine(SharedCaptures.Repository, "data");

    [Fact]
    public void InstallData_OfTheImage_IsThatOfTheFolder()
    {
        var folder = InstallData.Load(Folder);
        var image = CompatibilityMatrix.Embedded.Install;
        var toolkits = CompatibilityMatrix.Embedded.Toolkits;
        toolkits.Should().HaveCountGreaterThan(60);
        foreach (var toolkit in toolkits)
        {
            image.RedistOf(toolkit, "linux-x86_64").Select(r => (r.Path, r.Sha256)).Should().Equal(folder.RedistOf(toolkit, "linux-x86_64").Select(r => (r.Path, r.Sha256)));
            image.InstallersOf(toolkit).Select(r => (r.Url, r.Size)).Should().Equal(folder.InstallersOf(toolkit).Select(r => (r.Url, r.Size)));
        }
    }

    [Theory]
    [InlineData("535.104.05", "8.9")]
    [InlineData("580.95.05", "6.1")]
    [InlineData("470.82.01", "3.7")]
    [InlineData("418.87.00", "8.0")]
    public void Plan_OfTheImage_IsThatOfTheFolder(string driver, string capability)
    {
        var machine = new DriverInfo
        {
            OperatingSystem = OperatingSystemFamily.Linux,
            Architecture = CpuArchitecture.X64,
            Driver = DriverVersion.Parse(driver),
            Python = PythonVersion.Parse("3.12"),
            Gpus = [new Gpu { ComputeCapability = ComputeCapability.Parse(capability) }],
        };
        var ofImage = Resolver.TryPlan(machine);
        var ofFolder = Resolver.TryPlan(machine, null, CompatibilityMatrix.Load(Folder));
        Json(ofImage).Should().Be(Json(ofFolder));
    }

    private static string Json(PlanResult result) => System.Text.Json.JsonSerializer.Serialize(result, DocumentJson.Default.PlanResult);
}
