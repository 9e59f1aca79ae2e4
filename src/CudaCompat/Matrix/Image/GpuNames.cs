namespace CudaCompat.Matrix.Image;

/// <summary>Takes every GPU name apart when an image is written, so that looking one up takes apart only the name that is asked for.</summary>
internal static class GpuNames
{
    public const string ByCompactName = "gpus by compact name";
    public const string ByWords = "gpus by words";
    public const string ByModel = "gpus by model";
    public const string ByPciId = "gpus by pci id";

    /// <summary>Numbers of rows of the PCI list come after those of the list of names.</summary>
    public static void Write(ImageWriter image, MatrixData data)
    {
        var compact = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var words = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var models = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var pci = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < data.Gpus.Count; i++)
            Add(data.Gpus[i].Name, i);
        // The list of names has weighed the device ids already: these add only names that it lacks.
        var named = new HashSet<string>(compact.Keys, StringComparer.Ordinal);
        for (var i = 0; i < data.PciGpus.Count; i++)
        {
            var row = data.PciGpus[i];
            if (row.ComputeCapability is null)
                continue;
            var number = data.Gpus.Count + i;
            Put(pci, row.DeviceId, number);
            foreach (var name in row.Name.Split(" / ", StringSplitOptions.RemoveEmptyEntries))
            {
                if (!named.Contains(GpuName.Of(name).Compact))
                    Add(name, number);
            }
        }

        Index(ByCompactName, compact);
        Index(ByWords, words);
        Index(ByModel, models);
        Index(ByPciId, pci);

        void Add(string name, int number)
        {
            var parsed = GpuName.Of(name);
            if (!parsed.HasModel)
                return;
            Put(compact, parsed.Compact, number);
            Put(words, parsed.Words, number);
            Put(models, parsed.Model, number);
        }

        void Index(string name, Dictionary<string, List<int>> rows) =>
            image.Index(name, rows.Select(r => KeyValuePair.Create(r.Key, r.Value.ToArray())));
    }

    private static void Put(Dictionary<string, List<int>> into, string key, int number)
    {
        if (!into.TryGetValue(key, out var numbers))
            into.Add(key, numbers = []);
        if (!numbers.Contains(number))
            numbers.Add(number);
    }
}
