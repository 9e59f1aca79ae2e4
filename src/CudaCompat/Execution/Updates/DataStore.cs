using System.Security.Cryptography;
using System.Text.Json;
using CudaCompat.Matrix;

namespace CudaCompat.Execution.Updates;

/// <summary>
/// The data that <c>data update</c> took, in a folder of this user: a folder for each set, and the file "current" that names the one in use. A set is complete and checked
/// before it is named; until then the one before stays.
/// </summary>
internal sealed class DataStore(string folder)
{
    private const string CurrentName = "current";

    /// <summary>The store of this user; null where there is no home folder.</summary>
    public static DataStore? OfUser
    {
        get
        {
            try
            {
                return new DataStore(Path.Combine(ExecutionOptions.DataFolder, "data"));
            }
            catch (JournalException)
            {
                return null;
            }
        }
    }

    /// <summary>The index of the set in use; null where there is none.</summary>
    public DataIndex? Current => Find() is var (_, index) ? index : null;

    /// <summary>
    /// The matrix to answer from: the set in use where it is newer than what the library carries, else that. A set whose files are not what its index says is passed over.
    /// </summary>
    /// <param name="passedOver">Why the set in use was passed over; null where it was not.</param>
    public CompatibilityMatrix Newest(out string? passedOver)
    {
        passedOver = null;
        var carried = CompatibilityMatrix.Embedded;
        if (Find() is not var (set, index) || !IsNewer(index, carried))
            return carried;
        try
        {
            var files = index.Files.ToDictionary(f => f.Name, f => Proven(f, File.ReadAllBytes(Path.Combine(set, f.Name))), StringComparer.Ordinal);
            return CompatibilityMatrix.OfImages(files["matrix.bin"], files["install.bin"]);
        }
        catch (Exception e) when (e is DataUpdateException or DataFormatException or IOException or UnauthorizedAccessException)
        {
            passedOver = $"the data that 'cudacompat data update' took is damaged ({e.Message}); the data that the program carries is used. 'cudacompat data update' mends it.";
            return carried;
        }
    }

    /// <summary>The set of a place, if it is to be taken: signed, not expired, for this program, and not older than what is here.</summary>
    /// <exception cref="DataUpdateException">It is not to be taken.</exception>
    public async Task<DataIndex> CheckAsync(DataPlace place, IReadOnlyList<string> keys, Version tool, TimeProvider time, CancellationToken cancellation)
    {
        var bytes = await place.ReadAsync(DataIndex.FileName, DataIndex.MaximumSize, cancellation).ConfigureAwait(false);
        var signature = await place.ReadAsync(DataIndex.SignatureName, DataIndex.MaximumSize, cancellation).ConfigureAwait(false);
        var index = DataIndex.Verify(bytes, signature, keys, tool, time.GetUtcNow());
        if (Current is { } here && index.Built < here.Built)
            throw new DataUpdateException($"the data there is of {index.Built:yyyy-MM-dd HH:mm}, older than what was taken before ({here.Built:yyyy-MM-dd HH:mm}). Nothing is taken: an old index may be played again to bring old mistakes back.");
        if (string.CompareOrdinal(Day(index.Version), Day(CompatibilityMatrix.Embedded.DataVersion)) < 0)
            throw new DataUpdateException($"the data there is version {index.Version}, older than what the program carries ({CompatibilityMatrix.Embedded.DataVersion}). Nothing is taken.");
        return index;
    }

    /// <summary>Takes the set of a place.</summary>
    /// <exception cref="DataUpdateException">It is not to be taken, or a file is not what the index says; what was here stays.</exception>
    public async Task<DataIndex> TakeAsync(DataPlace place, IReadOnlyList<string> keys, Version tool, TimeProvider time, CancellationToken cancellation)
    {
        var index = await CheckAsync(place, keys, tool, time, cancellation).ConfigureAwait(false);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var file in index.Files)
            files.Add(file.Name, Proven(file, await place.ReadAsync(file.Name, file.Size, cancellation).ConfigureAwait(false)));
        Check(index, files);
        var fresh = Path.Combine(folder, ".new-" + Guid.NewGuid().ToString("N"));
        var set = Path.Combine(folder, index.Version);
        Directory.CreateDirectory(fresh);
        try
        {
            foreach (var (name, bytes) in files)
                await File.WriteAllBytesAsync(Path.Combine(fresh, name), bytes, cancellation).ConfigureAwait(false);
            await File.WriteAllBytesAsync(Path.Combine(fresh, DataIndex.FileName), JsonSerializer.SerializeToUtf8Bytes(index, DataIndexJson.Default.DataIndex), cancellation).ConfigureAwait(false);
            if (Directory.Exists(set))
                Directory.Delete(set, recursive: true);
            Directory.Move(fresh, set);
            var current = Path.Combine(folder, CurrentName);
            await File.WriteAllTextAsync(current + ".new", index.Version, cancellation).ConfigureAwait(false);
            File.Move(current + ".new", current, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataUpdateException($"{folder}: {e.Message}", e);
        }
        finally
        {
            if (Directory.Exists(fresh))
                Directory.Delete(fresh, recursive: true);
        }

        foreach (var old in Directory.EnumerateDirectories(folder).Where(d => d != set))
            Directory.Delete(old, recursive: true);
        return index;
    }

    // A set is checked like any data that comes from outside, also where the signature holds: a mistake can be signed.
    private static void Check(DataIndex index, Dictionary<string, byte[]> files)
    {
        try
        {
            using var matrix = new MemoryStream(files["matrix.bin"]);
            using var install = new MemoryStream(files["install.bin"]);
            if (CompatibilityMatrix.Load(matrix, install).DataVersion is var version && version != index.Version)
                throw new DataUpdateException($"the files are version {version}, the index says {index.Version}.");
        }
        catch (DataFormatException e)
        {
            throw new DataUpdateException($"the data breaks a rule and is not taken: {e.Message}", e);
        }
    }

    private static byte[] Proven(DataIndexFile file, byte[] bytes) =>
        bytes.Length != file.Size ? throw new DataUpdateException($"{file.Name}: it has {bytes.Length} bytes, the index says {file.Size}: it was cut or is another file.")
        : !file.Sha256.Equals(Convert.ToHexStringLower(SHA256.HashData(bytes)), StringComparison.OrdinalIgnoreCase) ? throw new DataUpdateException($"{file.Name}: it is not the file that the index names (SHA-256).")
        : bytes;

    private static bool IsNewer(DataIndex index, CompatibilityMatrix carried) => index.Version != carried.DataVersion && string.CompareOrdinal(Day(index.Version), Day(carried.DataVersion)) >= 0;

    private static string Day(string version) => version.Split('+')[0];

    private (string Set, DataIndex Index)? Find()
    {
        try
        {
            var current = Path.Combine(folder, CurrentName);
            if (!File.Exists(current))
                return null;
            var set = Path.Combine(folder, Path.GetFileName(File.ReadAllText(current).Trim()));
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(set, DataIndex.FileName)), DataIndexJson.Default.DataIndex) is { } index ? (set, index) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
