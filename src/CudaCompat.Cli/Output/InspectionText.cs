using CudaCompat.Choosing;
using CudaCompat.Inspection;
using CudaCompat.Machines;

namespace CudaCompat.Cli.Output;

/// <summary>An inspection as people read it: a paragraph a binary, what is bundled, what a choice makes of it.</summary>
internal static class InspectionText
{
    private const int Indent = 13;

    public static void Write(TextWriter writer, InspectionReport report, ChoiceResult? choice, Paint paint)
    {
        foreach (var file in report.Files)
            File(writer, file, paint);
        if (report.Files.Count == 0)
            writer.WriteLine("No binary in it uses CUDA.");
        if (report.Bundled.Count > 0)
        {
            writer.WriteLine(paint.Strong("Brings along"));
            foreach (var library in report.Bundled)
                Row(writer, paint, library.Library, $"{library.Version ?? "(no version in its name)"}  {library.File}");
            writer.WriteLine();
        }

        foreach (var build in report.Candidates)
            Candidate(writer, build, choice?.Builds.FirstOrDefault(b => b.Build == build), paint);
        foreach (var note in report.Notes)
            Lines.Write(writer, paint.Warn("  note       "), Indent, note);
        foreach (var remedy in choice?.Remedies ?? [])
            Lines.Write(writer, "  - ", 4, remedy.Message);
    }

    private static void File(TextWriter writer, InspectedFile file, Paint paint)
    {
        var arch = file.Architecture is { } known ? CpuArchitectureNames.Instance.NameOf(known) : "(another processor)";
        var system = OperatingSystemNames.Instance.NameOf(file.OperatingSystem);
        writer.WriteLine($"{paint.Strong(file.Path)}  {system} {arch}{(file.Glibc is { } glibc ? $", glibc {glibc}" : "")}");
        if (file.Imports.Count > 0)
            Row(writer, paint, "imports", string.Join(", ", file.Imports.Select(i => i.File)));
        if (file.Fatbins > 0)
        {
            Row(writer, paint, "made by", file.Cuda is { } cuda ? $"CUDA {cuda}" : "a CUDA that it does not name");
            Row(writer, paint, "native", Codes(file, "sass"));
            Row(writer, paint, "PTX", Codes(file, "ptx") + (file.PtxIsa is { } isa ? $" (instruction set {isa})" : ""));
            if (Codes(file, "lto") is not "none" and var lto)
                Row(writer, paint, "for linking", lto);
            Row(writer, paint, "packed", file.Compression.Count == 0 ? "not" : string.Join(", ", file.Compression));
        }

        writer.WriteLine();
    }

    // The count stands beside what is not everywhere: that is what decides.
    private static string Codes(InspectedFile file, string kind)
    {
        var codes = file.Code.Where(c => c.Kind == kind).Select(c => c.Fatbins == file.Fatbins
            ? c.Target.ToString() : $"{c.Target} (in {c.Fatbins} of {file.Fatbins})").ToArray();
        return codes.Length == 0 ? "none" : string.Join(", ", codes);
    }

    private static void Candidate(TextWriter writer, CudaBuild build, JudgedBuild? judged, Paint paint)
    {
        var parts = new[]
        {
            build.Cuda is { } cuda ? $"CUDA {cuda}" : "no CUDA",
            build.Sass is { Count: > 0 } sass ? $"native code for {string.Join(", ", sass)}" : null,
            build.Ptx is { Count: > 0 } ptx ? $"PTX from {ptx[0]} on" : null,
            build.Cudnn is { } cudnn ? $"cuDNN {cudnn}" : null,
            build.Glibc is { } glibc ? $"glibc {glibc}" : null,
        };
        writer.WriteLine($"{paint.Strong("As a whole")}  {build.Name}");
        Row(writer, paint, "needs", string.Join("; ", parts.OfType<string>()));
        if (judged is not null)
        {
            var mark = judged.Verdict switch
            {
                BuildVerdict.Runs =>
                paint.Good("  runs       "),
                BuildVerdict.Refused => paint.Bad("  no         "),
                _ => paint.Warn("  ?          ")
            };
            Lines.Write(writer, mark, Indent, judged.Verdict switch
            {
                BuildVerdict.Runs => judged.Code == DeviceCode.Ptx ? "by PTX that the driver compiles at first use" : "here",
                BuildVerdict.WithoutGpu => "without the GPU",
                _ => $"{judged.Message} [{judged.Rule}]",
            });
        }

        writer.WriteLine();
    }

    private static void Row(TextWriter writer, Paint paint, string name, string value) =>
        Lines.Write(writer, paint.Dim($"  {name,-10} "), Indent, value);
}
