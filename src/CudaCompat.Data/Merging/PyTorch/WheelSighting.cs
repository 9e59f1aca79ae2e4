using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>A wheel that some source lists.</summary>
/// <param name="Directory">Of the wheel index, "" for its root; null for the default package index.</param>
/// <param name="Url">Null where the source names the file only.</param>
internal sealed record WheelSighting(WheelName Name, string? Directory, string? Url, string? Sha256, SourceRecord Record, string[] Sources, string? Evidence);
