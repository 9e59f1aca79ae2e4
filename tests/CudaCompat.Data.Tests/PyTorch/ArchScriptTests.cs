using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Data.Tests.Live;
using CudaCompat.Machines;

namespace CudaCompat.Data.Tests.PyTorch;

public class ArchScriptTests
{
    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "12.0")]
    public void Linux_Table_GivesBothProcessorsAndPtxAsReleasesGetIt(bool forReleases, string ptx)
    {
        var lists = ArchScript.Parse("build_env_setup.py", ScriptPages.Linux(ScriptPages.Table, forReleases));
        lists.Select(l => $"{l.Cuda} {l.Arch}: {string.Join(' ', l.Native)}").Should().Equal(
            "12.6 X64: 5.0 6.0 7.0 7.5 8.0 8.6 9.0", "12.6 Arm64: 8.0 9.0", "13.0 X64: 7.5 8.0 8.6 9.0 10.0 12.0", "13.0 Arm64: 8.0 9.0 10.0 11.0 12.0");
        string.Join(' ', lists[2].Ptx).Should().Be(ptx);
        lists[0].Ptx.Should().BeEmpty("12.0 is not in its list");
    }

    [Fact]
    public void Windows_TableAndBatch_GiveTheirLists()
    {
        ArchScript.Parse("build_env_setup.py", ScriptPages.Windows).Select(l => $"{l.Cuda} {l.Arch}: {string.Join(' ', l.Native)}").Should().Equal("12.6 X64: 5.0 6.0 6.1 7.0 7.5 8.0 8.6 9.0", "13.0 X64: 7.5 8.0 8.6 9.0 10.0 12.0");
        ArchScript.Parse("cuda_config.bat", ScriptPages.Batch).Select(l => $"{l.Cuda}: {string.Join(' ', l.Native)}").Should().Equal("12.6: 5.0 6.1 9.0", "13.0: 7.5 12.0");
    }

    [Fact]
    public void Shell_CaseWithFilter_IsEvaluatedForBothProcessors()
    {
        var lists = ArchScript.Parse("build_cuda.sh", ScriptPages.Shell);
        lists.Select(l => $"{l.Cuda} {l.Arch}: {string.Join(' ', l.Native)}{(l.Ptx.Length > 0 ? " +" + string.Join(' ', l.Ptx) : "")}").Should().Equal(
            "12.6 X64: 5.0 6.0 7.0 7.5 8.0 8.6 9.0", "12.6 Arm64: 8.0 9.0", "12.9 X64: 7.0 7.5 8.0 8.6 9.0 10.0 12.0 +12.0", "12.9 Arm64: 8.0 9.0 10.0 12.0 +12.0",
            "13.0 X64: 7.5 8.0 8.6 9.0 10.0 12.0", "13.0 Arm64: 8.0 9.0 10.0 11.0 12.0");
    }

    [Fact]
    public void Shell_WithoutAarch64_SpeaksOfX64Alone() =>
        ArchScript.Parse("build_cuda.sh", "case ${CUDA_VERSION} in\n    12.8)\n        TORCH_CUDA_ARCH_LIST=\"7.5;12.0+PTX\" #removing sm_50\n        ;;\n    *)\n        exit 1\n        ;;\nesac\n")
            .Should().ContainSingle().Which.Arch.Should().Be(CpuArchitecture.X64);

    [Theory]
    [InlineData("a.py", "x = 1\n", "*no such dictionary*")]
    [InlineData("a.py", "TORCH_CUDA_ARCH_LIST_TABLE = make_table()\n", "*not of the known form*")]
    [InlineData("a.py", "TORCH_CUDA_ARCH_LIST_TABLE = {\"13.0\": {\"x86_64\": {75, x}}}\n", "*not of the known form*")]
    [InlineData("a.py", "TORCH_CUDA_ARCH_LIST_TABLE = {\"13.0\": {\"x86_64\": {75}, \"riscv\": {75}}}\n", "*'riscv' is no known processor*")]
    [InlineData("a.py", "TORCH_CUDA_ARCH_LIST_TABLE = {\"13.0\": {\"x86_64\": {75}", "*not of the known form*")]
    [InlineData("a.py", "TORCH_CUDA_ARCH_LIST_TABLE = {\"13.0\": {\"x86_64\": {75}}}\n_PTX_ARCHES = {120}\ndef _ptx_arches():\n    return choose()\n", "*does not say what release builds get*")]
    [InlineData("a.py", "TORCH_CUDA_ARCH_LIST_TABLE = {\"1300\": \"7.5\"}\n", "*no CUDA version in three digits*")]
    [InlineData("a.py", "TORCH_CUDA_ARCH_LIST_TABLE = {\"130\": \"7.5;all\"}\n", "*is no list of architectures*")]
    [InlineData("a.bat", "set X=1\n", "*no list of architectures*")]
    [InlineData("a.sh", "TORCH_CUDA_ARCH_LIST=\"7.5\"\n", "*no case by CUDA_VERSION*")]
    [InlineData("a.sh", "case ${CUDA_VERSION} in\n  13.0) TORCH_CUDA_ARCH_LIST=$(compute_list) ;;\nesac\n", "*no known way to set the list*")]
    [InlineData("a.sh", "case ${CUDA_VERSION} in\n  13.0) TORCH_CUDA_ARCH_LIST=\"${LIST//7.5/}\" ;;\nesac\n", "*no known way to set the list*")]
    [InlineData("a.sh", "case ${CUDA_VERSION} in\n  13.0)\n    if [[ -n \"$FAST\" ]]; then\n      TORCH_CUDA_ARCH_LIST=\"7.5\"\n    fi\n    ;;\nesac\n", "*asks what is not known*")]
    public void Script_OfAnotherShape_FailsLoudly(string file, string text, string message) =>
        FluentActions.Invoking(() => ArchScript.Parse(file, text)).Should().Throw<SourceFormatException>().WithMessage(message);
}
