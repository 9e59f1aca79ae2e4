namespace CudaCompat.Planning.Formats;

/// <summary>A pylock.toml (PEP 751): every package with its file and hash, as pip and uv install it.</summary>
internal sealed class PylockFormat : IPlanFormat
{
    public string Name => "pylock";

    public string Write(InstallPlan plan) => throw new PlanFormatException(Name, "a lock names all that the packages need; take --lock, which asks the index.");

    public string Write(InstallPlan plan, IReadOnlyList<LockedPackage> packages) => LockedPackage.Toml(packages);
}
