using System.Formats.Tar;
using System.IO.Compression;
using CudaCompat.Execution.Archives;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Tests;

public sealed class ArchiveExtractorTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [NeedsProgramsFact("xz")]
    public async Task Unpack_TarXz_ManagedAndNativeGiveTheSame()
    {
        var content = string.Concat(Enumerable.Range(0, 200_000).Select(i => i.ToString(null, null)));
        var bytes = Tests.Archives.Xz(Tests.Archives.Tar("top", ("bin/nvcc", "x"), ("lib/libc.so", "->libc.so.1"), ("lib/libc.so.1", content)));

        var native = await UnpackAsync("a.tar.xz", bytes, "native");
        var managed = await UnpackAsync("a.tar.xz", bytes, "managed", programs: null);

        Scratch.Picture(native.Content).Should().Equal(Scratch.Picture(managed.Content)).And.HaveCount(5);
        native.Should().Match<UnpackedArchive>(u => u.Bytes == content.Length + 1 && u.Entries == 4);
        Scratch.Picture(native.Content)["bin/nvcc"].Should().StartWith("file 755");
        XzIndex.UnpackedSize(new MemoryStream(bytes)).Should().Be(Tests.Archives.Tar("top", ("bin/nvcc", "x"), ("lib/libc.so", "->libc.so.1"), ("lib/libc.so.1", content)).Length);
    }

    [Theory]
    [InlineData("/etc/passwd", "absolute")]
    [InlineData("../evil", "climbs")]
    [InlineData("top/../../evil", "climbs")]
    [InlineData("top/a/../../../evil", "climbs")]
    [InlineData("C:/evil", "absolute")]
    [InlineData("top\\..\\evil", "backslash")]
    [InlineData("top/new\nline", "control")]
    [InlineData("top/bell\a", "control")]
    [InlineData("other/file", "top folder")]
    [InlineData("loose", "top folder")]
    public async Task Unpack_HostileName_IsRefusedInTarAndZip(string name, string reason)
    {
        var tar = Tests.Archives.Gz(Tests.Archives.Tar(w =>
        {
            w.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "top/good") { DataStream = new MemoryStream([1]) });
            w.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream([2]) });
        }));

        await RefusedAsync("a.tgz", tar, reason);
        await RefusedAsync("a.zip", Tests.Archives.Zip(("top/good", "1"), (name, "2")), reason);
    }

    [Theory]
    [InlineData("/etc", "leads out")]
    [InlineData("../../outside", "leads out")]
    [InlineData("..", "leads out")]
    [InlineData("sub/../../..", "leads out")]
    public async Task Unpack_LinkThatLeavesTheFolder_IsRefused(string target, string reason)
    {
        await RefusedAsync("a.tgz", Tests.Archives.Gz(Tests.Archives.Tar("top", ("link", "->" + target), ("sub/file", "x"))), reason);
        await RefusedAsync("a.zip", Tests.Archives.Zip(zip =>
        {
            using (var file = zip.CreateEntry("top/file").Open())
                file.WriteByte(1);
            var link = zip.CreateEntry("top/link");
            link.ExternalAttributes = unchecked((int)0xA1FF0000);
            using var stream = link.Open();
            stream.Write(System.Text.Encoding.UTF8.GetBytes(target));
        }), reason);
    }

    [Fact]
    public async Task Unpack_ChainOfHarmlessLinksThatLeaves_IsRefused()
    {
        // Each link alone stays inside; b goes up from where a really leads.
        var tar = Tests.Archives.Tar("top", ("p/q/a", "->.."), ("p/q/b", "->a/../.."), ("p/q/file", "x"));

        await RefusedAsync("a.tgz", Tests.Archives.Gz(tar), "leads out");
    }

    [Fact]
    public async Task Unpack_FileBelowALink_IsRefused()
    {
        await RefusedAsync("a.tgz", Tests.Archives.Gz(Tests.Archives.Tar("top", ("link", "->sub"), ("link/file", "x"), ("sub/x", "y"))), "no folder");
    }

    [Fact]
    public async Task Unpack_LinksInACircle_AreRefused()
    {
        await RefusedAsync("a.tgz", Tests.Archives.Gz(Tests.Archives.Tar("top", ("a", "->b"), ("b", "->a"), ("f", "x"))), "leads out");
    }

    [Theory]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.BlockDevice)]
    [InlineData(TarEntryType.Fifo)]
    public async Task Unpack_DeviceNode_IsRefused(TarEntryType kind)
    {
        await RefusedAsync("a.tgz", Tests.Archives.Gz(Tests.Archives.Tar(w => w.WriteEntry(new PaxTarEntry(kind, "top/device")))), kind.ToString());
    }

    [Theory]
    [InlineData("top/missing")]
    [InlineData("/etc/passwd")]
    [InlineData("../x")]
    public async Task Unpack_HardLinkToNothingOfItsOwn_IsRefused(string target)
    {
        var tar = Tests.Archives.Tar(w => w.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, "top/link") { LinkName = target }));

        await RefusedAsync("a.tgz", Tests.Archives.Gz(tar), "refused");
    }

    [Fact]
    public async Task Unpack_SameNameTwice_IsRefused()
    {
        await RefusedAsync("a.tgz", Tests.Archives.Gz(Tests.Archives.Tar("top", ("a", "x"), ("a", "y"))), "twice");
    }

    [NeedsProgramsFact("xz")]
    public async Task Unpack_TenGigabyteBomb_IsRefusedBeforeAByteIsWritten()
    {
        // A tar that announces one file of 10 GB, and its zeros as concatenated streams of 16 MB.
        var header = Tests.Archives.Tar("top", ("bomb", "x"))[..];
        var zeros = Tests.Archives.Xz(new byte[16 << 20]);
        var path = _scratch["bomb.tar.xz"];
        using (var file = File.Create(path))
        {
            file.Write(Tests.Archives.Xz(header[..512]));
            for (var i = 0; i < 640; i++)
                file.Write(zeros);
        }

        await RefusedAsync(path, "times its own size");
        await RefusedAsync(path, "times its own size", programs: false);
    }

    [Fact]
    public async Task Unpack_BombInZipAndGz_IsRefused()
    {
        var zip = Tests.Archives.Zip(z =>
        {
            using var stream = z.CreateEntry("top/bomb", CompressionLevel.Optimal).Open();
            for (var i = 0; i < 200; i++)
                stream.Write(new byte[1 << 20]);
        });
        var tar = Tests.Archives.Tar(w => w.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "top/bomb") { DataStream = new MemoryStream(new byte[200 << 20]) }));

        await RefusedAsync("a.zip", zip, "times its own size");
        await RefusedAsync("a.tgz", Tests.Archives.Gz(tar), "times its own size");
    }

    [Fact]
    public async Task Unpack_TooManyEntries_IsRefused()
    {
        var tar = Tests.Archives.Tar("top", [.. Enumerable.Range(0, 50).Select(i => ($"f{i}", "x"))]);

        await RefusedAsync("a.tgz", Tests.Archives.Gz(tar), "entries", new ArchiveLimits { Entries = 20 });
    }

    [NeedsProgramsFact("xz")]
    public async Task Unpack_TruncatedOrDamaged_IsRefused()
    {
        var random = new byte[300_000];
        new Random(3).NextBytes(random);
        var sound = Tests.Archives.Xz(Tests.Archives.Tar("top", ("a", Convert.ToBase64String(random))));
        var damaged = (byte[])sound.Clone();
        damaged[sound.Length / 2] ^= 0xFF;
        foreach (var programs in new[] { true, false })
        {
            await RefusedAsync("t.tar.xz", sound[..(sound.Length * 2 / 3)], "damaged", programs: programs);
            await RefusedAsync("d.tar.xz", damaged, "damaged", programs: programs);
        }

        await RefusedAsync("t.zip", Tests.Archives.Zip(("top/a", "x"))[..40], "damaged");
        await RefusedAsync("n.tar.xz", "not an archive at all"u8.ToArray(), "damaged");
        await RefusedAsync("n.tgz", Tests.Archives.Gz(Tests.Archives.Tar("top", ("a", Convert.ToBase64String(random))))[..1000], "damaged");
    }

    [Theory]
    [InlineData("CON")]
    [InlineData("top/nul.txt")]
    [InlineData("top/a:stream")]
    [InlineData("top/dot.")]
    [InlineData("top/COM1.dll")]
    public void Parse_NameThatWindowsChanges_IsRefusedThere(string name)
    {
        var act = () => EntryName.Parse("a.zip", name, 1000, forWindows: true);

        act.Should().Throw<ArchiveRefusedException>();
        EntryName.Parse("a.zip", name, 1000, forWindows: false).Should().NotBeEmpty();
    }

    private async Task RefusedAsync(string name, byte[] bytes, string reason, ArchiveLimits? limits = null, bool programs = true)
    {
        await File.WriteAllBytesAsync(_scratch[name], bytes);
        await RefusedAsync(_scratch[name], reason, limits, programs);
    }

    private async Task RefusedAsync(string path, string reason, ArchiveLimits? limits = null, bool programs = true)
    {
        var into = _scratch["in/side"];
        Directory.CreateDirectory(into);
        var act = () => new ArchiveExtractor(limits ?? new ArchiveLimits(), programs ? TrustedPath.Current : null).UnpackAsync(path, Path.GetFileName(path), into, default);

        (await act.Should().ThrowAsync<ArchiveRefusedException>()).Which.Message.Should().Contain(reason).And.NotContainAny("\n", "\a");
        Directory.EnumerateFileSystemEntries(_scratch["in"]).Should().ContainSingle("nothing is written beside the folder");
        Scratch.Picture(into).Values.Should().NotContain(v => v.StartsWith("link"), "no link of a refused archive is made");
        Directory.Delete(_scratch["in"], recursive: true);
    }

    private async Task<UnpackedArchive> UnpackAsync(string name, byte[] bytes, string folder, TrustedPath? programs)
    {
        await File.WriteAllBytesAsync(_scratch[name], bytes);
        Directory.CreateDirectory(_scratch[folder]);
        return await new ArchiveExtractor(new ArchiveLimits(), programs).UnpackAsync(_scratch[name], name, _scratch[folder], default);
    }

    private Task<UnpackedArchive> UnpackAsync(string name, byte[] bytes, string folder) => UnpackAsync(name, bytes, folder, TrustedPath.Current);
}
