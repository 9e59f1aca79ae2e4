using System.Globalization;
using System.Text;

namespace CudaCompat.Planning;

/// <summary>One package of a lock: its file, where it is, what it must be.</summary>
internal sealed record LockedPackage(string Name, string Version, string FileName, string Url, string Sha256)
{
    /// <summary>The line of a requirements file; with one such line pip and uv ask for a hash of every package.</summary>
    public string Requirement => $"{Name}=={Version} --hash=sha256:{Sha256}";

    /// <summary>A lock as PEP 751 writes it (pylock.toml); addresses without user and password.</summary>
    public static string Toml(IReadOnlyList<LockedPackage> packages)
    {
        var text = new StringBuilder("lock-version = \"1.0\"\ncreated-by = \"cudacompat\"\n");
        foreach (var p in packages.OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n[[packages]]\nname = {Quote(p.Name)}\nversion = {Quote(p.Version)}\n");
            text.Append(CultureInfo.InvariantCulture, $"wheels = [{{ name = {Quote(p.FileName)}, url = {Quote(p.PublicUrl)}, hashes = {{ sha256 = {Quote(p.Sha256)} }} }}]\n");
        }

        return text.ToString();
    }

    /// <summary>The address without user and password.</summary>
    public string PublicUrl => new UriBuilder(Url) { UserName = "", Password = "" }.Uri.AbsoluteUri;

    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
