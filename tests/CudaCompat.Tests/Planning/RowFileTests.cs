using System.Text;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Tests.Planning;

public sealed class RowFileTests
{
    private static byte[]? Read(string name) => File.Exists(Path.Combine(SharedCaptures.Repository, "data", name)) ? File.ReadAllBytes(Path.Combine(SharedCaptures.Repository, "data", name)) : null;

    [Fact]
    public void RowsOfAKey_AreThoseOfTheWholeFile()
    {
        var file = new RowFile<RedistRow>("redist-components.json", Read, MatrixJson.Default.RedistRow);
        var all = file.All().GroupBy(r => r.Toolkit).ToArray();
        all.Should().HaveCountGreaterThan(40);
        foreach (var group in all)
            file.StartingWith($"{{\"toolkit\":\"{group.Key}\",").Select(r => r.Path).Should().Equal(group.Select(r => r.Path));
    }

    [Fact]
    public void FilesOfAVersion_AreThoseOfTheWholeFile()
    {
        var file = new RowFile<BuildFileRow>("build-files.json", Read, MatrixJson.Default.BuildFileRow);
        var all = file.All().GroupBy(r => (r.Package, r.Version)).Where(g => g.Key.Version.ToString() is "1.1.0" or "2.10.0" or "0.15.1" or "2.1.0").ToArray();
        all.Should().HaveCountGreaterThan(5);
        foreach (var group in all)
            file.StartingWith($"{{\"package\":\"{group.Key.Package}\",\"version\":\"{group.Key.Version}\",").Select(r => r.Url).Should().Equal(group.Select(r => r.Url));
    }

    [Theory]
    [InlineData("{\"rows\": [\n{\"component\":\"x\",\"use\":\"skip\",\"sources\":[]},\n{\"component\":\"y\",\"use\":\"skip\",\"sources\":[]}\n]}\n", 1)]
    [InlineData("{\"rows\": [\n{\"component\":\"x\",\"use\":\"skip\",\"sources\":[]}\n]}", 1)]
    [InlineData("{\"rows\": [\n]}", 0)]
    [InlineData("", 0)]
    public void RowsOfAKey_InAnyPlace_AreFound(string text, int count) =>
        new RowFile<RedistPartRow>("x.json", _ => Encoding.UTF8.GetBytes(text), MatrixJson.Default.RedistPartRow).StartingWith("{\"component\":\"x\"").Should().HaveCount(count);

    [Fact]
    public void MissingFile_IsNamed()
    {
        var act = () => new RowFile<RedistPartRow>("x.json", _ => null, MatrixJson.Default.RedistPartRow).StartingWith("{");
        act.Should().Throw<DataFormatException>().WithMessage("x.json: the file is missing.");
    }

    [Fact]
    public void BrokenRow_IsRefused()
    {
        var act = () => new RowFile<RedistPartRow>("x.json", _ => "\n{\"component\":\"x\",\"oops\":1},\n"u8.ToArray(), MatrixJson.Default.RedistPartRow).StartingWith("{\"component\":\"x\"");
        act.Should().Throw<DataFormatException>().WithMessage("x.json, row 1:*oops*");
    }
}
