using System.Globalization;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Processes;
using CudaCompat.Versions;

namespace CudaCompat.Verification;

/// <summary>The host compilers of this machine that a toolkit's nvcc accepts, by what the matrix says of it.</summary>
internal static class HostCompilers
{
    private static readonly (string Compiler, string Program)[] Kinds = [("gcc", "g++-"), ("clang", "clang++-")];

    /// <summary>The compilers with their major version in the name (g++-11), the newest accepted first; none where the toolkit is not known, and on Windows.</summary>
    public static IEnumerable<string> AcceptedBy(string? release, TrustedPath programs)
    {
        if (OperatingSystem.IsWindows() || !CudaVersion.TryParse(release, out var toolkit))
            yield break;
        foreach (var (compiler, program) in Kinds)
        {
            if (CompatibilityMatrix.Embedded.HostCompiler(toolkit, OperatingSystemFamily.Linux, compiler) is not { } row)
                continue;
            for (var major = Newest(row); major > 0 && major >= (row.Min?.Major ?? 1); major--)
            {
                if (programs.Find(program + major.ToString(CultureInfo.InvariantCulture)) is { } found)
                    yield return found;
            }
        }
    }

    private static int Newest(HostCompilerRow row) =>
        row.Max?.Major ?? (row.Below is { } below ? below.Major - (below.Minor == 0 ? 1 : 0) : 0);
}
