using CudaCompat.Planning;

namespace CudaCompat.Execution.Tests;

public sealed class PlanDocumentTests
{
    private const string Https = "\"url\": \"https://example.org/x\", ";
    private const string Stack = "\"stack\": { \"torch\": \"2.8.0\", \"cudaTag\": \"cu128\" }, \"compatibility\": \"full\"";

    [Fact]
    public void Read_WhatWasWritten_GivesTheSameBytes()
    {
        var plan = FullStack.Of(
        [
            new DownloadStep { Component = "cudnn", Url = "https://example.org/a+b.zip", FileName = "a+b.zip", Mirrors = ["https://example.com/a"] },
            new TorchStep { Component = "torch", Method = "pip", Requirements = ["torch==2.8.0+cu128"], Files = [new PackageFile("n.whl", "https://example.org/n.whl", null)] },
            new EnvironmentStep { Component = "toolkit", Scope = "user", Set = new Dictionary<string, string> { ["CUDA_HOME"] = "b" } },
        ]);

        var bytes = InstallPlanDocument.Write(plan);
        var again = InstallPlanDocument.Read(bytes);

        InstallPlanDocument.Write(again).Should().Equal(bytes);
        System.Text.Encoding.UTF8.GetString(bytes).Should().Contain("\"kind\":\"download\"").And.Contain("2.8.0+cu128");
        again.Steps.Select(s => s.GetType()).Should().Equal(typeof(DownloadStep), typeof(TorchStep), typeof(EnvironmentStep));
    }

    [Fact]
    public void Read_ResultOfThePlanCommand_TakesItsPlan()
    {
        InstallPlanDocument.Read($$"""{ "id": null, "verdict": "planned", "plan": { {{Stack}}, "steps": [ { "component": "stack", "checks": ["torch"], "kind": "verify" } ] }, "findings": [] }""")
            .Steps.Should().ContainSingle().Which.Should().BeOfType<VerifyStep>();
    }

    [Fact]
    public void Read_OnlyTheNecessaryFields_LeavesTheOthersEmpty()
    {
        var plan = InstallPlanDocument.Read($$"""
            { {{Stack}}, "steps": [
              { "kind": "download", "component": "toolkit", "url": "https://example.org/a.zip" }, { "kind": "toolkit", "component": "toolkit", "method": "redist" }, { "kind": "cudnn", "component": "cudnn", "method": "redist" },
              { "kind": "torch", "component": "torch", "method": "pip" }, { "kind": "environment", "component": "toolkit", "scope": "user" }, { "kind": "verify", "component": "stack" } ] }
            """);

        plan.Should().Match<InstallPlan>(p => p.Commands.Count == 0 && p.KnownBy.Count == 0 && p.Environment.Count == 0 && p.Explanation == "");
        plan.Steps.Should().OnlyContain(s => s.Evidence.Count == 0);
        plan.Steps.OfType<TorchStep>().Single().Should().Match<TorchStep>(t => t.Requirements.Count == 0 && t.Files.Count == 0 && t.Mirrors.Count == 0);
        InstallPlanDocument.Read(InstallPlanDocument.Write(plan)).Steps.Should().HaveCount(6);
    }

    [Theory]
    [InlineData("download", "\"url\": \"file:///etc/passwd\", \"fileName\": \"x\"", "url")]
    [InlineData("download", "\"url\": \"http://example.org/x\"", "url")]
    [InlineData("download", "\"url\": \"ftp://example.org/x\"", "url")]
    [InlineData("download", "\"url\": \"//x/y\"", "url")]
    [InlineData("download", "\"url\": \"https://example.org:99999/x\"", "url")]
    [InlineData("download", "\"url\": \"https://example.org/\\nx\"", "url")]
    [InlineData("download", "\"fileName\": \"x\"", "url")]
    [InlineData("download", Https + "\"fileName\": \"../x\"", "fileName")]
    [InlineData("download", Https + "\"fileName\": \"/etc/x\"", "fileName")]
    [InlineData("download", Https + "\"fileName\": \"..\"", "fileName")]
    [InlineData("download", Https + "\"fileName\": \"\"", "fileName")]
    [InlineData("download", Https + "\"fileName\": \"a\\u001b[1Ab\"", "fileName")]
    [InlineData("download", Https + "\"size\": -1", "size")]
    [InlineData("download", Https + "\"size\": 9223372036854775807", "size")]
    [InlineData("download", Https + "\"checksum\": { \"kind\": \"SHA256\", \"value\": \"0000000000000000000000000000000000000000000000000000000000000000\" }", "checksum")]
    [InlineData("download", Https + "\"checksum\": { \"kind\": \"sha256\", \"value\": \"000000000000000000000000000000000000000000000000000000000000000\" }", "checksum")]
    [InlineData("download", Https + "\"checksum\": { \"kind\": \"sha256\", \"value\": \"/../../../..////////////////////////////////////////////.bashrc\" }", "checksum")]
    [InlineData("download", Https + "\"checksum\": { \"kind\": \"md5\", \"value\": \"٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠\" }", "checksum")]
    [InlineData("download", Https + "\"command\": [\"sh\", \"-c\", \"x\"]", "command")]
    [InlineData("toolkit", "\"method\": \"redist\", \"prefix\": \"a\\tb\"", "prefix")]
    [InlineData("toolkit", "\"method\": \"redist\", \"prefix\": \"a\\\"b\"", "prefix")]
    [InlineData("toolkit", "\"method\": \"redist\", \"archives\": [\"../a\"]", "archives[0]")]
    [InlineData("toolkit", "\"method\": \"pacman\"", "method")]
    [InlineData("toolkit", "\"method\": \"apt\", \"components\": [\"--option\"]", "components[0]")]
    [InlineData("toolkit", "\"method\": \"apt\", \"components\": [\"a\"], \"command\": [\"apt-get\", \"install\", \"-o=Dpkg::Pre-Invoke=x\", \"a\"]", "command")]
    [InlineData("toolkit", "\"method\": \"runfile\", \"fileName\": \"a.run\", \"command\": [\"bash\", \"a.run\", \"--silent\", \"--driver\"]", "command")]
    [InlineData("python", "\"method\": \"existing\", \"command\": [\"/any/program\"]", "command")]
    [InlineData("python", "\"method\": \"venv\", \"environment\": \"e\", \"command\": [\"/any/program\", \"-m\", \"venv\", \"e\"]", "command")]
    [InlineData("torch", "\"method\": \"pip\", \"indexUrl\": \"file:///x\"", "indexUrl")]
    [InlineData("torch", "\"method\": \"pip\", \"requirements\": [\"torch @ https://other.example/x.whl\"]", "requirements[0]")]
    [InlineData("torch", "\"method\": \"pip\", \"requirements\": [\"torch==1\"], \"command\": [\"sh\", \"-c\", \"touch X\", \"install\", \"torch==1\"]", "command")]
    [InlineData("torch", "\"method\": \"pip\", \"requirements\": [\"torch==1\"], \"command\": [\"pip\", \"install\", \"torch @ https://other.example/x.whl\"]", "command")]
    [InlineData("torch", "\"method\": \"conda\", \"channels\": [\"http://other.example/c\"]", "channels[0]")]
    [InlineData("environment", "\"scope\": \"user\", \"set\": { \"BASH_ENV\": \"x\" }", "set.BASH_ENV")]
    [InlineData("environment", "\"scope\": \"user\", \"set\": { \"CUDA_INJECTION64_PATH\": \"x\" }", "set.CUDA_INJECTION64_PATH")]
    [InlineData("environment", "\"scope\": \"user\", \"prepend\": { \"LD_PRELOAD\": [\"x\"] }", "prepend.LD_PRELOAD")]
    [InlineData("environment", "\"scope\": \"user\", \"set\": { \"CUDA_HOME\": \"a\\nb\" }", "set")]
    [InlineData("verify", "\"checks\": [\"a b\"]", "checks[0]")]
    public void Read_FieldThatAPlanMayNotHave_IsRefusedByItsPath(string kind, string fields, string path)
    {
        var act = () => InstallPlanDocument.Read($$"""{ {{Stack}}, "steps": [ { "kind": "verify", "component": "stack" }, { "kind": "{{kind}}", "component": "x", {{fields}} } ] }""");

        act.Should().Throw<PlanDocumentException>().Which.Path.Should().Be("$.steps[1]." + path);
    }

    /// <summary>CUDACOMPAT_FUZZ says how many; each is a sound plan with bytes changed, cut, doubled or put in.</summary>
    [Fact]
    public void Read_DocumentsDamagedAtRandom_AreReadOrRefusedAndNeverAnythingElse()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("CUDACOMPAT_FUZZ"), out var asked) ? asked : 5_000;
        var seed = InstallPlanDocument.Write(Resolver.Plan(PlanReviewTests.Machine));
        byte[][] pieces = [.. ((string[])["\"", "{", "}", "[", "]", ",", ":", "null", "-1", "1e999", "9223372036854775808", "\\u0000", "\\ud800", "../", "file:///", "é", "\u001b", "true", "\"kind\":\"torch\","]).Select(System.Text.Encoding.UTF8.GetBytes)];
        var random = new Random(15);
        var (read, refused) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var text = seed.ToList();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(text.Count);
                switch (random.Next(5))
                {
                    case 0:
                        text[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        text.RemoveRange(at, Math.Min(random.Next(1, 20), text.Count - at));
                        break;
                    case 2:
                        text.InsertRange(at, text.GetRange(at, Math.Min(random.Next(1, 200), text.Count - at)));
                        break;
                    case 3:
                        text.InsertRange(at, pieces[random.Next(pieces.Length)]);
                        break;
                    default:
                        var value = text.IndexOf((byte)':', at);
                        if (value > 0)
                            text.InsertRange(value + 1, pieces[random.Next(pieces.Length)]);
                        break;
                }
            }

            try
            {
                InstallPlanDocument.Read(text.ToArray());
                read++;
            }
            catch (PlanDocumentException)
            {
                refused++;
            }

            try
            {
                Documents.DocumentReader.Plan(System.Text.Encoding.UTF8.GetString([.. text]));
            }
            catch (Documents.BadInputException)
            {
                // The command line's own reader has no other answer either.
            }
        }

        read.Should().BePositive();
        refused.Should().BePositive();
    }

    [Theory]
    [InlineData("", "", "*")]
    [InlineData("[]", "$", "*object*")]
    [InlineData("{ \"verdict\": \"refused\", \"plan\": null }", "$.plan", "*refused*")]
    [InlineData("{ " + Stack + ", \"steps\": [ { \"kind\": \"reboot\", \"component\": \"x\" } ] }", "$.steps[0]", "*reboot*")]
    [InlineData("{ " + Stack + ", \"steps\": [ { \"kind\": \"verify\", \"component\": \"x\" }, { \"kind\": \"verify\", \"component\": \"x\", \"colour\": 1 } ] }", "$.steps[1].colour", "*colour*")]
    [InlineData("{ " + Stack + ", \"steps\": [ null ] }", "$.steps[0]", "*null*")]
    [InlineData("{ " + Stack + ", \"colour\": 1 }", "$.colour", "*colour*")]
    [InlineData("{ " + Stack + ", \"steps\": [ { \"kind\": \"toolkit\", \"component\": \"toolkit\", \"method\": \"magic\" } ] }", "$.steps[0].method", "*magic*redist*")]
    [InlineData("{ \"compatibility\": \"full\" }", "$", "*stack*")]
    public void Read_NoPlan_NamesTheFieldAndTheReason(string json, string path, string message)
    {
        var act = () => InstallPlanDocument.Read(json);

        var thrown = act.Should().Throw<PlanDocumentException>().WithMessage(message).Which;
        if (path.Length > 1)
            thrown.Path.Should().StartWith(path);
    }
}
