using System.Buffers;
using System.Text.Json;
using CudaCompat.Documents;
using CudaCompat.Matrix;
using CudaCompat.Planning;
using CudaCompat.Resolution;

namespace CudaCompat.Cli.Commands;

/// <summary>One JSON object per line in, one per line out, in order; memory does not grow with the number of lines.</summary>
internal static class BatchRunner
{
    private const int MostLineBytes = 4 * 1024 * 1024;
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public static int Check(CompatibilityMatrix matrix, Stream input, Stream output) => Run(input, output, (line, writer) =>
    {
        var request = DocumentReader.Read(line, DocumentJson.Default.CheckLine);
        var result = Resolver.Check(request.Machine, request.Stack, matrix) with { Id = request.Id ?? request.Machine.Id };
        JsonSerializer.Serialize(writer, result, DocumentJson.Compact.CheckResult);
    });

    public static int Plan(CompatibilityMatrix matrix, Stream input, Stream output) => Run(input, output, (line, writer) =>
    {
        var request = DocumentReader.Read(line, DocumentJson.Default.PlanLine);
        var result = Resolver.TryPlan(request.Machine, request.Request, matrix) with { Id = request.Id ?? request.Machine.Id };
        JsonSerializer.Serialize(writer, result, DocumentJson.Compact.PlanResult);
    });

    public static int Choose(CompatibilityMatrix matrix, Stream input, Stream output) => Run(input, output, (line, writer) =>
    {
        var request = DocumentReader.Read(line, DocumentJson.Default.ChooseLine);
        var result = ChoiceDocument.Of(Resolver.Choose(request.Machine, BuildListReader.Checked(request.Candidates, "$.candidates"), matrix)) with { Id = request.Id ?? request.Machine.Id };
        JsonSerializer.Serialize(writer, result, DocumentJson.Compact.ChoiceDocument);
    });

    private static int Run(Stream input, Stream output, LineAction action)
    {
        if (!Console.IsInputRedirected)
            Console.Error.WriteLine($"One JSON object a line; {(OperatingSystem.IsWindows() ? "Ctrl-Z and Enter" : "Ctrl-D")} ends, Ctrl-C stops.");
        var bad = false;
        using var lines = new LineReader(input, MostLineBytes);
        using var buffered = new BufferedStream(output, 1 << 16);
        var buffer = new ArrayBufferWriter<byte>(1 << 14);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = DocumentJson.Compact.Options.Encoder, SkipValidation = true });
        while (lines.Next(out var line, out var tooLong))
        {
            if (!tooLong && line.Span.Trim(" \t\r"u8).IsEmpty)
                continue;
            buffer.ResetWrittenCount();
            writer.Reset(buffer);
            var error = tooLong ? new ErrorBody("bad-input", "$", $"the line is longer than {MostLineBytes} bytes.", null) : Answer(line.Span, writer, action);
            if (error is not null)
            {
                bad = true;
                buffer.ResetWrittenCount();
                writer.Reset(buffer);
                JsonSerializer.Serialize(writer, new ErrorLine(tooLong ? null : IdOf(line.Span), error), DocumentJson.Compact.ErrorLine);
            }

            writer.Flush();
            buffered.Write(buffer.WrittenSpan);
            buffered.Write(NewLine);
        }

        buffered.Flush();
        return bad ? ExitCode.BadInput : ExitCode.Done;
    }

    private static ErrorBody? Answer(ReadOnlySpan<byte> line, Utf8JsonWriter writer, LineAction action)
    {
        try
        {
            action(line, writer);
            return null;
        }
        catch (BadInputException e)
        {
            return new ErrorBody("bad-input", e.Path, e.Message, null);
        }
        catch (BadRequestException e)
        {
            return new ErrorBody("bad-input", "$.request." + e.Field, e.Message, null);
        }
        catch (UnknownMirrorException e)
        {
            return new ErrorBody("bad-input", "$.request.mirror", e.Message, null);
        }
    }

    // The id of a bad line helps to find it, as far as the line can be read.
    private static string? IdOf(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("id"u8))
                    return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
        }
        catch (JsonException)
        {
            // Not JSON up to here: there is no id to be had.
        }

        return null;
    }

    private delegate void LineAction(ReadOnlySpan<byte> line, Utf8JsonWriter writer);
}
