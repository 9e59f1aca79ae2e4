using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Tests.Parsing;

public class RedistManifestTests
{
    private static readonly string Sha = new('a', 64);

    [Fact]
    public void Manifest_VariantsAndFlatKeysAtOnce_AreAllRead()
    {
        var archives = RedistManifest.Parse("redistrib_98.1.0.json", Manifest(
            $$"""
            "cudnn": {"name": "n", "license": "l", "license_path": "p", "version": "98.1.0.42",
              "windows-arm64": {"cuda98": {{Archive("a_cuda98.zip")}}, "relative_path": "b_cuda98.4.zip", "sha256": "{{Sha}}", "size": "7"},
              "cuda_variant": ["98"],
              "linux-x86_64": {{Archive("c.tar.xz")}}}
            """));
        archives.Select(a => (a.Place, a.Path, a.Size)).Should().Equal(
            ("$.cudnn.windows-arm64.cuda98", "a_cuda98.zip", 7), ("$.cudnn.windows-arm64", "b_cuda98.4.zip", 7), ("$.cudnn.linux-x86_64", "c.tar.xz", 7));
    }

    [Theory]
    [InlineData("\"a\": []", "*$.a: expected a component*")]
    [InlineData("\"a\": {\"version\": 1}", "*$.a.version: expected String*")]
    [InlineData("\"a\": {\"version\": \"1\", \"beos-x86\": {}}", "*$.a.beos-x86: this platform is not known*")]
    [InlineData("\"a\": {\"version\": \"1\", \"size\": \"1\"}", "*$.a.size: this member is not known*")]
    [InlineData("\"a\": {\"version\": \"1\", \"linux-x86_64\": {}}", "*$.a.linux-x86_64: is empty*")]
    [InlineData("\"a\": {\"version\": \"1\", \"linux-x86_64\": {\"relative_path\": \"p\", \"sha256\": \"zz\", \"size\": \"1\"}}", "*sha256*no SHA-256*")]
    [InlineData("\"a\": {\"version\": \"1\", \"linux-x86_64\": {\"relative_path\": \"p\", \"size\": \"1\"}}", "*'sha256' is missing*")]
    [InlineData("\"a\": {\"version\": \"1\"}, \"a\": {\"version\": \"1\"}", "*line*")]
    [InlineData("\"a\": {\"version\": \"1\"}", "*$: no archive*")]
    public void Manifest_Bad_NamesThePlace(string body, string message) =>
        FluentActions.Invoking(() => RedistManifest.Parse("redistrib_98.1.0.json", Manifest(body))).Should().Throw<SourceFormatException>().WithMessage("redistrib_98.1.0.json" + message);

    [Fact]
    public void Manifest_Truncated_NamesTheLine()
    {
        var text = Manifest($"\"a\": {{\"version\": \"1\", \"linux-x86_64\": {Archive("p")}}}");
        FluentActions.Invoking(() => RedistManifest.Parse("m.json", text[..^20])).Should().Throw<SourceFormatException>().WithMessage("m.json, line*");
    }

    [Fact]
    public void Head_WithoutLabel_TakesTheReleaseFromTheName()
    {
        RedistManifest.Head("x/redistrib_98.1.0.json", "{\"release_date\": \"2026-01-02\"}").Should().Be(("98.1.0", "2026-01-02"));
        FluentActions.Invoking(() => RedistManifest.Head("x/redistrib_98.1.0.json", "{\"release_date\": \"soon\"}")).Should().Throw<SourceFormatException>().WithMessage("*release_date*");
    }

    private static string Archive(string path) => $$"""{"relative_path": "{{path}}", "sha256": "{{Sha}}", "md5": "x", "size": "7"}""";

    private static string Manifest(string body) => $$"""{"release_date": "2026-09-29", "release_label": "98.1.0", "release_product": "cudnn", {{body}}}""";
}
