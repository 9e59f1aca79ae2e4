using System.Diagnostics;
using CudaCompat.Execution.Updates;

namespace CudaCompat.Data.Tests.Updates;

/// <summary>What the scripts of the repository sign is what the program takes.</summary>
public sealed class SigningScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SignData_OfTheCommittedData_IsTakenWithItsKeyAndWithNoOther()
    {
        var (key, other, stick) = (Path.Combine(_folder.Path, "key.pem"), Path.Combine(_folder.Path, "other.pem"), Path.Combine(_folder.Path, "stick"));
        foreach (var pem in new[] { key, other })
            Run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", pem);
        Run("bash", Path.Combine(Captures.Repository, "scripts/sign-data.sh"), key, stick);
        var store = new DataStore(Path.Combine(_folder.Path, "store"));
        var place = new DataPlace(stick, TimeSpan.FromSeconds(20));
        var refused = () => store.TakeAsync(place, [Public(other)], new Version(0, 1, 0), TimeProvider.System, default);
        (await refused.Should().ThrowAsync<DataUpdateException>()).Which.Message.Should().Contain("not signed");
        var index = await store.TakeAsync(place, [Public(other), Public(key)], new Version(0, 1, 0), TimeProvider.System, default);
        index.Version.Should().Be(Matrix.CompatibilityMatrix.Load(Path.Combine(Captures.Repository, "data")).DataVersion);
    }

    private static string Public(string key) => Run("openssl", "ec", "-in", key, "-pubout");

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        process.ExitCode.Should().Be(0, error.Result);
        return output.Result;
    }
}
