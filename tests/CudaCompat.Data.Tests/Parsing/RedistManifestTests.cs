using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Tests.Parsing;

public class RedistManifestTests
{
    private static readonly string Sha = new('a', 64);

    [Fact]
    public void Manifest_VariantsAndFlatKeysAtOnce_AreAllRead()
    {
        var (archives, left) = Read(
            $$"""
            "cudnn": {"name": "n", "license": "l", "license_path": "p", "version": "98.1.0.42",
              "windows-arm64": {"cuda98": {{Archive("a_cuda98.zip")}}, "relative_path": "b_cuda98.4.zip", "sha256": "{{Sha}}", "size": "7"},
              "cuda_variant": ["98"],
              "linux-x86_64": {{Archive("c.tar.xz")}}}
            """);
        archives.Select(a => $"{a.Platform} {a.Variant} {a.Path} {a.Size}").Should().Equal("windows-arm64 cuda98 a_cuda98.zip 7", "windows-arm64  b_cuda98.4.zip 7", "linux-x86_64  c.tar.xz 7");
        left.Should().BeEmpty();
    }

    [Theory]
    [InlineData("\"b\": [], \"c\": \"text\"", "")]
    [InlineData("\"b\": {\"version\": \"1\", \"description\": \"new\", \"size\": \"1\"}", "")]
    [InlineData("\"b\": {\"version\": \"1\", \"linux-riscv64\": {\"relative_path\": \"x\"}}", "platform linux-riscv64 is not covered")]
    [InlineData("\"b\": {\"version\": 1}", "a component without a version")]
    [InlineData("\"b\": {\"version\": \"1\", \"linux-x86_64\": {}}", "a platform without an archive")]
    [InlineData("\"b\": {\"version\": \"1\", \"linux-x86_64\": {\"relative_path\": \"p\", \"sha256\": \"zz\", \"size\": \"1\"}}", "an archive without its path, or with what is no SHA-256")]
    [InlineData("\"b\": {\"version\": \"1\", \"linux-x86_64\": {\"cuda-98\": {\"relative_path\": \"p\"}}}", "variant cuda-98 is not covered")]
    public void Manifest_WhatIsNotKnown_IsLeftOutAndCounted(string more, string why)
    {
        var (archives, left) = Read($$"""{{more}}, "a": {"version": "1", "linux-x86_64": {{Archive("p")}}}""");
        archives.Select(a => a.Path).Should().Equal("p");
        left.Keys.Should().Equal(why.Length == 0 ? [] : [why]);
    }

    [Theory]
    [InlineData("\"a\": {\"version\": \"1\"}, \"a\": {\"version\": \"1\"}", "*line*")]
    [InlineData("\"a\": {\"version\": \"1\"}", "*$: no archive*")]
    public void Manifest_Bad_NamesThePlace(string body, string message) =>
        FluentActions.Invoking(() => Read(body)).Should().Throw<SourceFormatException>().WithMessage("redistrib_98.1.0.json" + message);

    [Fact]
    public void Manifest_Truncated_NamesTheLine()
    {
        var text = Manifest($"\"a\": {{\"version\": \"1\", \"linux-x86_64\": {Archive("p")}}}");
        FluentActions.Invoking(() => RedistManifest.Parse(TestWork.File("m.json", text[..^20]), TestWork.Make())).Should().Throw<SourceFormatException>().WithMessage("m.json, line*");
    }

    [Fact]
    public void Manifest_WithoutLabelAndDay_TakesTheReleaseFromTheNameAndRemarksTheDay()
    {
        var work = TestWork.Make();
        var manifest = RedistManifest.Parse(TestWork.File("x/redistrib_98.1.0.json", $$"""{"release_date": "soon", "a": {"version": "1", "linux-x86_64": {{Archive("p")}} } }"""), work);
        (manifest.Version, manifest.Date).Should().Be(("98.1.0", null));
        work.Notes.Should().ContainSingle().Which.Should().EndWith("gives no day");
    }

    private static (IReadOnlyList<RedistArchive> Archives, IReadOnlyDictionary<string, int> Left) Read(string body)
    {
        var work = TestWork.Make();
        return (RedistManifest.Parse(TestWork.File("redistrib_98.1.0.json", Manifest(body)), work).Archives, work.Left);
    }

    private static string Archive(string path) => $$"""{"relative_path": "{{path}}", "sha256": "{{Sha}}", "md5": "x", "size": "7"}""";

    private static string Manifest(string body) => $$"""{"release_date": "2026-09-29", "release_label": "98.1.0", "release_product": "cudnn", {{body}}}""";
}
