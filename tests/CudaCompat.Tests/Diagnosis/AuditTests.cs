using CudaCompat.Diagnosis;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Diagnosis;

/// <summary>Lists of packages as they are written, compared with the advisories.</summary>
public sealed class AuditTests
{
    private static readonly DriverInfo Windows = new() { OperatingSystem = OperatingSystemFamily.Windows };
    private static readonly DriverInfo Linux = new() { OperatingSystem = OperatingSystemFamily.Linux };

    [Fact]
    public void Requirements_AreReadWithTheirLines()
    {
        var packages = PackageList.OfRequirements("--index-url https://download.pytorch.org/whl/cu121\ntorch==2.4.0+cu121\n# numpy==1\nnumpy == 2.1.0 ; python_version > \"3.8\"  # pinned\npillow>=9\nTyping_Extensions[x]===4.5.0\n-r other.txt\n");
        packages.Should().BeEquivalentTo(
        [
            new ListedPackage("torch", PackageVersion.Parse("2.4.0+cu121"), 2), new ListedPackage("numpy", PackageVersion.Parse("2.1.0"), 4),
            new ListedPackage("pillow", null, 5), new ListedPackage("typing-extensions", PackageVersion.Parse("4.5.0"), 6),
        ]);
    }

    [Fact]
    public void Locks_AreRead() => PackageList.OfLock("lock-version = \"1.0\"\n\n[[packages]]\nname = \"torch\"\nversion = \"2.4.0\"\n\n[packages.index]\nname = \"no\"\nversion = \"1\"\n[[package]]\nname = \"numpy\"\nversion = \"2.0.0\"\n")
        .Should().BeEquivalentTo([new ListedPackage("torch", PackageVersion.Parse("2.4.0"), 3), new ListedPackage("numpy", PackageVersion.Parse("2.0.0"), 10)]);

    [Fact]
    public void CondaEnvironments_AreRead() => PackageList.OfConda("name: x\nchannels:\n  - pytorch\ndependencies:\n  - python=3.11\n  - pytorch=2.4.0=py3.11_cuda12.4_0\n  - conda-forge::mkl==2024.1\n  - pip:\n    - numpy==2.0.1\n")
        .Where(p => p.Version is not null).Select(p => (p.Name, p.Version.ToString()))
        .Should().Equal(("python", "3.11"), ("pytorch", "2.4.0"), ("mkl", "2024.1"), ("numpy", "2.0.1"));

    [Fact]
    public void Environment_IsReadByItsMetadata()
    {
        var folder = Directory.CreateTempSubdirectory("audit");
        try
        {
            foreach (var name in new[] { "torch-2.4.0+cu121.dist-info", "numpy-1.26.4.dist-info", "nvidia_cudnn_cu12-9.25.0.15.dist-info" })
                folder.CreateSubdirectory("lib/python3.11/site-packages/" + name);
            var packages = PackageList.Read(folder.FullName);
            packages.Select(p => p.Name).Should().BeEquivalentTo("torch", "numpy", "nvidia-cudnn-cu12");
            Ids(packages, Linux).Should().Contain("adv-044").And.NotContain("adv-008");
            Ids(packages, Windows).Should().Contain("adv-008");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Folder_ThatIsNoEnvironment_IsSaidToBeNone()
    {
        var folder = Directory.CreateTempSubdirectory("audit");
        try
        {
            ((Action)(() => PackageList.Read(folder.FullName))).Should().Throw<IOException>().WithMessage("*no Python environment*");
        }
        finally
        {
            folder.Delete();
        }
    }

    [Fact]
    public void PackagesBeside_Decide()
    {
        Ids(PackageList.OfRequirements("numpy==2.1.0\ntorch==2.0.1"), Linux).Should().Contain("adv-030");
        Ids(PackageList.OfRequirements("numpy==2.1.0\ntorch==2.8.0"), Linux).Should().NotContain("adv-030");
        Audit.Of(PackageList.OfRequirements("numpy==1.26.4\ntorch==2.8.0"), Linux, CompatibilityMatrix.Embedded).IsClean.Should().BeTrue();
    }

    private static IEnumerable<string> Ids(IReadOnlyList<ListedPackage> packages, DriverInfo machine) => Audit.Of(packages, machine, CompatibilityMatrix.Embedded).Findings.Select(f => f.Advisory);
}
