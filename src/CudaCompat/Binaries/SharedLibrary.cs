using CudaCompat.Versions;

namespace CudaCompat.Binaries;

/// <summary>The formats of executables and libraries.</summary>
internal enum BinaryFormat
{
    /// <summary>Of Linux.</summary>
    Elf,

    /// <summary>Of Windows.</summary>
    Pe,
}

/// <summary>What a shared library says to the loader; read, never loaded.</summary>
internal sealed record SharedLibrary
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Whose loader it speaks to.</summary>
    public required BinaryFormat Format { get; init; }

    /// <summary>The processor it is for: x86_64, aarch64, or a number where it is another.</summary>
    public required string Machine { get; init; }

    /// <summary>The name it goes by (ELF DT_SONAME, the name in a DLL's export table); null where it has none.</summary>
    public string? Name { get; init; }

    /// <summary>The libraries it needs, in their order.</summary>
    public IReadOnlyList<string> Needed { get; init; } = [];

    /// <summary>Libraries that are loaded when they are first called (PE).</summary>
    public IReadOnlyList<string> Delayed { get; init; } = [];

    /// <summary>The newest glibc whose symbols it asks for (ELF); null where it asks for none.</summary>
    public DottedVersion? Glibc { get; init; }

    /// <summary>DT_RPATH, searched before LD_LIBRARY_PATH; null where there is none.</summary>
    public string? Rpath { get; init; }

    /// <summary>DT_RUNPATH, searched after LD_LIBRARY_PATH; null where there is none.</summary>
    public string? Runpath { get; init; }

    /// <summary>True where the file is shorter than its own headers say.</summary>
    public bool IsCut { get; init; }

    /// <summary>True where the headers were enough to know how long the file has to be.</summary>
    public bool KnowsItsEnd { get; init; }

    /// <summary>The library, or null where the file cannot be read or is no ELF or PE file.</summary>
    public static SharedLibrary? Read(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            return Read(new FileSource(file), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The library, or null where the bytes are no ELF or PE file.</summary>
    public static SharedLibrary? Read(ByteSource source, string path)
    {
        Span<byte> head = stackalloc byte[4];
        source.Read(0, head);
        return head is [0x7F, (byte)'E', (byte)'L', (byte)'F'] ? ElfFile.Read(source, path)
            : head is [(byte)'M', (byte)'Z', ..] ? PeFile.Read(source, path)
            : null;
    }
}
