using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CudaCompat.Data.Tests.Live;
using CudaCompat.Data.Writing;
using CudaCompat.Execution.Updates;
using CudaCompat.Matrix;

namespace CudaCompat.Data.Tests.Updates;

/// <summary>Published data on a real server: what is right is taken as a whole, and every attack leaves what was there.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The test runner calls DisposeAsync.")]
public class DataUpdateTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Version Tool = new(0, 1, 0);
    private static readonly Lazy<Dictionary<string, byte[]>> Newer = new(() => Images("2026-11-30"));
    private readonly TemporaryFolder _folder = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256), _next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private LocalUpstream _server = null!;

    private string Store => Path.Combine(_folder.Path, "store");

    public async Task InitializeAsync() => _server = await LocalUpstream.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _key.Dispose();
        _next.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Update_SignedByEitherKey_IsTakenAndAnswersComeFromIt()
    {
        Publish(Newer.Value);
        (await TakeAsync()).Version.Should().StartWith("2026-11-30+");
        var matrix = new DataStore(Store).Newest(out var passedOver);
        passedOver.Should().BeNull();
        matrix.DataVersion.Should().StartWith("2026-11-30+");
        Publish(Newer.Value, built: Now.AddHours(1), key: _next);
        (await TakeAsync()).Built.Should().Be(Now.AddHours(1), "the second key is for the rotation");
        Directory.EnumerateDirectories(Store).Should().ContainSingle("old sets are removed");
    }

    [Fact]
    public async Task Update_FromAFolder_NeedsNoNetwork()
    {
        Publish(Newer.Value);
        var stick = Path.Combine(_folder.Path, "stick");
        Directory.CreateDirectory(stick);
        foreach (var (name, page) in _server.Pages)
            await File.WriteAllBytesAsync(Path.Combine(stick, Path.GetFileName(name)), page.Bytes!);
        await new DataStore(Store).TakeAsync(new DataPlace(stick, TimeSpan.FromSeconds(9)), Keys, Tool, new Clock(), default);
        new DataStore(Store).Newest(out _).DataVersion.Should().StartWith("2026-11-30+");
    }

    [Fact]
    public async Task Update_TheSameAgain_IsTheSame()
    {
        Publish(Newer.Value);
        await TakeAsync();
        (await TakeAsync()).Version.Should().StartWith("2026-11-30+");
    }

    public static TheoryData<string, string> Attacks => new()
    {
        { "older", "older than what was taken before" },
        { "older than carried", "older than what the program carries" },
        { "expired", "expired on 2026-11-20" },
        { "of tomorrow", "still to come" },
        { "cut file", "it was cut or is another file" },
        { "cut index", "not signed" },
        { "swapped files", "is another file" },
        { "same length", "(SHA-256)" },
        { "wrong key", "not signed" },
        { "no signature", "status 404" },
        { "changed index", "not signed" },
        { "other schema", "schema 2" },
        { "more fields", "cannot be read" },
        { "another file in it", "does not name" },
        { "newer tool", "needs cudacompat 9.0.0" },
        { "redirect", "which is not followed" },
        { "endless", "the most that it may have" },
        { "stalls", "within" },
        { "no image", "breaks a rule" },
        { "evil host", "a host that the data of this library does not name" },
        { "plain http", "only https addresses are read" },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Update_Attacked_IsRefusedAndWhatWasThereStays(string attack, string says)
    {
        Publish(Newer.Value, built: Now.AddDays(-1));
        await TakeAsync();
        var before = Snapshot();
        Attack(attack);
        var place = attack == "plain http" ? "http://example.org/" : _server.Address + "/feed/";
        var take = () => new DataStore(Store).TakeAsync(new DataPlace(place, TimeSpan.FromSeconds(attack == "stalls" ? 1 : 20)), Keys, Tool, new Clock(), default);
        (await take.Should().ThrowAsync<DataUpdateException>()).Which.Message.Should().Contain(says);
        Snapshot().Should().Equal(before);
        new DataStore(Store).Newest(out var passedOver).DataVersion.Should().StartWith("2026-11-30+");
        passedOver.Should().BeNull();
    }

    [Fact]
    public async Task Newest_FileDamagedOnDisk_IsPassedOverAndSaidSo()
    {
        Publish(Newer.Value);
        await TakeAsync();
        await File.AppendAllTextAsync(Directory.EnumerateFiles(Store, "matrix.bin", SearchOption.AllDirectories).Single(), "x");
        new DataStore(Store).Newest(out var passedOver).Should().BeSameAs(CompatibilityMatrix.Embedded);
        passedOver.Should().Contain("is damaged").And.Contain("data update");
    }

    [Fact]
    public void Newest_WithoutAStore_IsWhatTheProgramCarries() => new DataStore(Store).Newest(out _).Should().BeSameAs(CompatibilityMatrix.Embedded);

    private List<string> Keys => [_key.ExportSubjectPublicKeyInfoPem(), _next.ExportSubjectPublicKeyInfoPem()];

    private Task<DataIndex> TakeAsync() => new DataStore(Store).TakeAsync(new DataPlace(_server.Address + "/feed/", TimeSpan.FromSeconds(20)), Keys, Tool, new Clock(), default);

    private Dictionary<string, string> Snapshot() => Directory.EnumerateFiles(Store, "*", SearchOption.AllDirectories).ToDictionary(f => f, f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f))));

    private void Attack(string attack)
    {
        var files = Newer.Value;
        switch (attack)
        {
            case "older":
                Publish(files, built: Now.AddDays(-2));
                break;
            case "older than carried":
                Publish(Images("2025-01-01"));
                break;
            case "expired":
                Publish(files, expires: new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero));
                break;
            case "of tomorrow":
                Publish(files, built: Now.AddDays(3));
                break;
            case "wrong key":
                using (var other = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                    Publish(files, key: other);
                break;
            case "other schema":
                Publish(files, edit: i => i.Replace("\"schema\": 1", "\"schema\": 2", StringComparison.Ordinal));
                break;
            case "more fields":
                Publish(files, edit: i => i.Replace("\"schema\": 1", "\"schema\": 1, \"run\": \"rm\"", StringComparison.Ordinal));
                break;
            case "another file in it":
                Publish(files, edit: i => i.Replace("\"matrix.bin\"", "\"../matrix.bin\"", StringComparison.Ordinal));
                break;
            case "newer tool":
                Publish(files, edit: i => i.Replace("\"0.1.0\"", "\"9.0.0\"", StringComparison.Ordinal));
                break;
            case "no image":
                Publish(new() { ["matrix.bin"] = files["install.bin"], ["install.bin"] = files["install.bin"] });
                break;
            case "evil host":
                Publish(Images("2026-11-30", text => text.Replace("https://developer.download.nvidia.com/compute/cudnn/", "https://developer.download.nvidia.evil.example/", StringComparison.Ordinal)));
                break;
            default:
                Publish(files);
                Spoil(attack);
                break;
        }
    }

    // What happens between the publisher and the user.
    private void Spoil(string attack)
    {
        LocalPage Page(string name) => _server.Pages["feed/" + name];
        void Set(string name, LocalPage page) => _server.Pages["feed/" + name] = page;
        switch (attack)
        {
            case "cut file":
                Set("matrix.bin", Page("matrix.bin") with { Bytes = Page("matrix.bin").Bytes![..^1000] });
                break;
            case "cut index":
                Set("index.json", Page("index.json") with { Bytes = Page("index.json").Bytes![..^5] });
                break;
            case "swapped files":
                var (matrix, install) = (Page("matrix.bin"), Page("install.bin"));
                Set("install.bin", matrix);
                Set("matrix.bin", install with { Bytes = install.Bytes![..(matrix.Bytes!.Length - 1)] });
                break;
            case "same length":
                var bytes = (byte[])Page("matrix.bin").Bytes!.Clone();
                bytes[^1] ^= 1;
                Set("matrix.bin", Page("matrix.bin") with { Bytes = bytes });
                break;
            case "no signature":
                _server.Pages.TryRemove("feed/index.json.sig", out _);
                break;
            case "changed index":
                Set("index.json", new LocalPage("") { Bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Page("index.json").Bytes!).Replace("2026-12", "2029-12", StringComparison.Ordinal) + " ") });
                break;
            case "redirect":
                Set("matrix.bin", new LocalPage("", 302, Location: "{self}/evil/matrix.bin"));
                break;
            case "endless":
                Set("index.json", new LocalPage(new string(' ', DataIndex.MaximumSize + 1)));
                break;
            case "stalls":
                Set("matrix.bin", Page("matrix.bin") with { Stall = true });
                break;
        }
    }

    private void Publish(Dictionary<string, byte[]> files, DateTimeOffset? built = null, DateTimeOffset? expires = null, ECDsa? key = null, Func<string, string>? edit = null)
    {
        var version = Version(files);
        var entries = string.Join(", ", files.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $$"""{"name": "{{f.Key}}", "size": {{f.Value.Length}}, "sha256": "{{Convert.ToHexStringLower(SHA256.HashData(f.Value))}}"}"""));
        var index = $$"""{"schema": 1, "version": "{{version}}", "built": "{{Text(built ?? Now)}}", "expires": "{{Text(expires ?? Now.AddDays(30))}}", "oldestTool": "0.1.0", "files": [{{entries}}]}""";
        var bytes = Encoding.UTF8.GetBytes(edit is null ? index : edit(index));
        _server.Pages["feed/index.json"] = new LocalPage("") { Bytes = bytes };
        _server.Pages["feed/index.json.sig"] = new LocalPage("") { Bytes = (key ?? _key).SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence) };
        foreach (var (name, content) in files)
            _server.Pages["feed/" + name] = new LocalPage("") { Bytes = content };
    }

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Version(Dictionary<string, byte[]> files)
    {
        try
        {
            return CompatibilityMatrix.OfImages(files["matrix.bin"], files["install.bin"]).DataVersion;
        }
        catch (DataFormatException)
        {
            return "2026-11-30+00000000";
        }
    }

    // The committed data under another day.
    private static Dictionary<string, byte[]> Images(string day, Func<string, string>? edit = null)
    {
        var data = Path.Combine(Captures.Repository, "data");
        byte[]? Read(string name)
        {
            var bytes = ImageFiles.Read(data, name);
            if (bytes is null || (name != "manifest.json" && edit is null))
                return bytes;
            var text = Encoding.UTF8.GetString(bytes);
            return Encoding.UTF8.GetBytes(name == "manifest.json" ? System.Text.RegularExpressions.Regex.Replace(text, "\"dataVersion\": \"[^+]*", "\"dataVersion\": \"" + day) : edit!(text));
        }

        return ImageFiles.Of(Read).Where(f => f.Key != "advisories.bin").ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);
    }

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
