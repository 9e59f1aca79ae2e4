using System.Text.Json.Nodes;
using CudaCompat.Resolution;

namespace CudaCompat.Cli.Tests;

/// <summary>The schemas that the package ships are those of the documents that the tool prints and reads.</summary>
public sealed class SchemaTests
{
    private static readonly string[] Rtx3090 = ["--os", "linux", "--arch", "x86_64", "--glibc", "2.35", "--driver", "550.54.15", "--gpu", "RTX 3090", "--python", "3.12"];

    [Theory]
    [InlineData("machine", "detect")]
    [InlineData("machine", "detect", "--os", "linux", "--gpu", "RTX 3090", "--compute-capability", "8.6", "--kernel-module", "open")]
    [InlineData("plan-result", "plan", "--os", "linux", "--arch", "x86_64", "--driver", "550.54.15", "--gpu", "RTX 3090", "--python", "3.12")]
    [InlineData("plan-result", "plan", "--os", "linux", "--arch", "x86_64", "--driver", "550.54.15", "--gpu", "RTX 3090", "--python", "3.12", "--toolkit-from", "redist", "--prefix", "cuda")]
    [InlineData("plan-result", "plan", "--os", "linux", "--arch", "x86_64", "--driver", "550.54.15", "--gpu", "RTX 3090", "--python", "3.12", "--toolkit-from", "apt", "--compiles", "--gcc", "11.4")]
    [InlineData("plan-result", "plan", "--os", "linux", "--arch", "x86_64", "--driver", "550.54.15", "--gpu", "RTX 3090", "--gpu", "GTX 1080 Ti", "--gpus", "0", "--packaging", "conda")]
    [InlineData("plan-result", "plan", "--os", "linux", "--arch", "x86_64", "--driver", "580.95.05", "--gpu", "RTX 4090", "--python", "3.12", "--toolkit-from", "pip", "--mirror", "tuna")]
    [InlineData("plan-result", "plan", "--os", "windows", "--arch", "x86_64", "--driver", "537.13", "--gpu", "RTX 4090", "--python", "3.11")]
    [InlineData("plan-result", "plan", "--os", "linux", "--arch", "x86_64", "--driver", "570.124.06", "--gpu", "RTX 5090", "--gpu", "GTX 1080 Ti")]
    [InlineData("plan-result", "plan", "--os", "linux", "--arch", "x86_64", "--gpu", "none", "--python", "3.12")]
    [InlineData("plan-result", "plan", "--os", "linux", "--arch", "x86_64")]
    [InlineData("plan-result", "plan", "--os", "macos")]
    [InlineData("check-result", "check", "--os", "linux", "--driver", "550.54.15", "--gpu", "RTX 3090", "--torch", "2.8.0", "--cuda", "12.8")]
    [InlineData("check-result", "check", "--os", "linux", "--driver", "470.57.02", "--gpu", "RTX 5090", "--python", "3.6", "--torch", "2.8.0", "--cuda", "cu129", "--torchvision", "0.20.0")]
    [InlineData("check-result", "check", "--os", "linux", "--driver", "550.54.15", "--gpu", "RTX 3090", "--torch", "9.9.9", "--cuda", "cu118")]
    public void Output_IsWhatItsSchemaSays(string schema, params string[] arguments)
    {
        var (_, output, errors) = CliProcess.Run([.. arguments, "--json"]);
        output.Should().StartWith("{", errors);
        SchemaValidator.Validate(schema, output).Should().BeEmpty();
    }

    [Fact]
    public void Plan_OfAResult_IsWhatThePlanSchemaSays()
    {
        var result = JsonNode.Parse(CliProcess.Run(["plan", .. Rtx3090, "--json"]).Output)!;
        SchemaValidator.Validate("plan", result["plan"]!.ToJsonString()).Should().BeEmpty();
        SchemaValidator.Validate("stack", result["plan"]!["stack"]!.ToJsonString()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("machine", """{ "os": "beos" }""", "beos")]
    [InlineData("machine", """{ "arch": "x86_64" }""", "os is missing")]
    [InlineData("machine", """{ "os": "linux", "gpus": [ { "nmae": "RTX 3090" } ] }""", "$.gpus[0]: unknown field nmae")]
    [InlineData("stack", """{ "torch": 2.8 }""", "$.torch")]
    [InlineData("stack", """{ "packaging": "uv" }""", "$.packaging")]
    [InlineData("plan-request", """{ "components": ["torch", "tensorflow"] }""", "$.components[1]")]
    [InlineData("check-result", """{ "id": null, "verdict": "maybe", "findings": [], "remedies": [], "dataVersion": "1" }""", "maybe")]
    [InlineData("plan", """{ "stack": {}, "compatibility": "full", "knownBy": {}, "notNeededByTorch": [], "steps": [ { "kind": "format-disk" } ], "commands": [], "notes": [] }""", "$.steps[0]")]
    public void Document_ThatIsWrong_IsRefusedByItsSchema(string schema, string json, string told) =>
        SchemaValidator.Validate(schema, json).Should().Contain(e => e.Contains(told));

    [Theory]
    [InlineData("""{ "torch": ">=2.4,<2.6", "packaging": "pip", "components": ["torch"], "policy": "strict", "gpus": "0", "compiles": false }""")]
    [InlineData("""{ "toolkitFrom": "pip", "compiles": true }""")]
    [InlineData("""{ "toolkit": "12.4", "toolkitFrom": "redist", "prefix": "cuda", "mirror": null, "python": "3.11", "cuda": "cu124" }""")]
    public void Request_ThatTheToolReads_IsWhatItsSchemaSays(string request)
    {
        SchemaValidator.Validate("plan-request", request).Should().BeEmpty();
        var line = $$"""{"machine":{"os":"linux","arch":"x86_64","driver":"550.54.15","python":"3.11","gpus":[{"name":"RTX 3090"}]},"request":{{request}}}""";
        CliProcess.Run(["plan", "--batch"], line).Output.Should().NotContain("bad-input");
    }

    [Fact]
    public void Schema_OfARequest_HasEveryFieldOfIt()
    {
        var fields = JsonNode.Parse(File.ReadAllText(Path.Combine(CliProcess.RepositoryRoot, "data", "schema", "plan-request.schema.json")))!["properties"]!.AsObject().Select(p => p.Key);
        fields.Should().BeEquivalentTo(typeof(PlanRequest).GetProperties().Where(p => !p.GetMethod!.IsStatic).Select(p => char.ToLowerInvariant(p.Name[0]) + p.Name[1..]));
    }
}
