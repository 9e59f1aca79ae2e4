using CudaCompat.Planning;

namespace CudaCompat.Execution.Tests;

public sealed class PlanDocumentTests
{
    private const string Stack = "\"stack\": { \"torch\": \"2.8.0\", \"cudaTag\": \"cu128\" }, \"compatibility\": \"full\"";

    [Fact]
    public void Read_WhatWasWritten_GivesTheSameBytes()
    {
        var plan = FullStack.Of(
        [
            new DownloadStep { Component = "cudnn", Url = "https://example.org/a+b.zip", FileName = "a+b.zip", Mirrors = ["https://example.com/a"] },
            new TorchStep { Component = "torch", Method = "pip", Requirements = ["torch==2.8.0+cu128"], Files = [new PackageFile("n", "u", null)] },
            new EnvironmentStep { Component = "toolkit", Scope = "user", Set = new Dictionary<string, string> { ["A"] = "b" } },
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
              { "kind": "download", "component": "toolkit" }, { "kind": "toolkit", "component": "toolkit", "method": "redist" }, { "kind": "cudnn", "component": "cudnn", "method": "redist" },
              { "kind": "torch", "component": "torch", "method": "pip" }, { "kind": "environment", "component": "toolkit", "scope": "user" }, { "kind": "verify", "component": "stack" } ] }
            """);

        plan.Should().Match<InstallPlan>(p => p.Commands.Count == 0 && p.KnownBy.Count == 0 && p.Environment.Count == 0 && p.Explanation == "");
        plan.Steps.Should().OnlyContain(s => s.Evidence.Count == 0);
        plan.Steps.OfType<TorchStep>().Single().Should().Match<TorchStep>(t => t.Requirements.Count == 0 && t.Files.Count == 0 && t.Mirrors.Count == 0);
        InstallPlanDocument.Read(InstallPlanDocument.Write(plan)).Steps.Should().HaveCount(6);
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
