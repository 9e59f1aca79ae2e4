using CudaCompat.Explaining;

namespace CudaCompat.Tests.Explaining;

/// <summary>A report names no person, no machine and no place.</summary>
public sealed class AnonymousTests
{
    private static readonly HashSet<string> Hosts = new(StringComparer.OrdinalIgnoreCase) { "download.pytorch.org" };

    [Theory]
    [InlineData("File \"/home/alice/proj/.venv/lib/python3.11/site-packages/torch/__init__.py\", line 5", "File \"…/site-packages/torch/__init__.py\", line 5")]
    [InlineData("/home/alice/train.py failed", "…/train.py failed")]
    [InlineData("C:\\Users\\Alice Smith\\venv\\Lib\\site-packages\\torch\\lib\\c10.dll", "…\\site-packages\\torch\\lib\\c10.dll")]
    [InlineData("alice@bigbox:~/proj$ nvidia-smi", "user@host:~/proj$ nvidia-smi")]
    [InlineData("mail alice.smith@example.com", "mail user@host")]
    [InlineData("https://alice:secret@pypi.corp.example/simple/torch/", "https://HOST/…")]
    [InlineData("https://download.pytorch.org/whl/cu128", "https://download.pytorch.org/whl/cu128")]
    [InlineData("HTTPSConnectionPool(host='pypi.corp.example', port=443)", "HTTPSConnectionPool(host='HOST', port=443)")]
    [InlineData("nvidia-cudnn-cu12 9.10.2.21 and 192.168.1.17", "nvidia-cudnn-cu12 9.10.2.21 and 0.0.0.0")]
    [InlineData("GPU-3b1f0a52-8f2c-4d0e-9a55-0123456789ab", "UUID")]
    [InlineData("export TOKEN=abcdef0123", "export TOKEN=***")]
    [InlineData("HF: hf_abcdefghijkl", "HF: hf_***")]
    [InlineData("/usr/local/cuda/lib64/libcudart.so.12", "/usr/local/cuda/lib64/libcudart.so.12")]
    [InlineData("on host bigbox by alice", "on host NAME by NAME")]
    public void Text_LosesWhatNamesSomebody(string text, string expected) => Anonymous.Of(text, ["alice", "bigbox"], Hosts).Should().Be(expected);
}
