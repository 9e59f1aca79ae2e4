using System.Runtime.InteropServices;

namespace CudaCompat.Detection.Probes;

/// <summary>The few functions of NVML that detection calls, bound by name to a library of the driver. https://docs.nvidia.com/deploy/nvml-api/</summary>
internal sealed unsafe class NvmlLibrary
{
    private const int Success = 0;
    private const int TextLength = 96;
    private readonly IntPtr _library;

    private NvmlLibrary(IntPtr library) => _library = library;

    /// <summary>Loads the library at <paramref name="path"/>; null where that fails. It is never unloaded: the driver's threads may outlive a call.</summary>
    public static NvmlLibrary? Load(string path) => NativeLibrary.TryLoad(path, out var library) ? new NvmlLibrary(library) : null;

    public int Init() => Find("nvmlInit_v2") is var f && f != IntPtr.Zero ? ((delegate* unmanaged[Cdecl]<int>)f)() : MissingFunction;

    public void Shutdown()
    {
        if (Find("nvmlShutdown") is var f && f != IntPtr.Zero)
            ((delegate* unmanaged[Cdecl]<int>)f)();
    }

    /// <summary>The code that NVML itself gives for a function that it lacks.</summary>
    public const int MissingFunction = 13;

    public string? DriverVersion() => SystemText("nvmlSystemGetDriverVersion");

    public string? NvmlVersion() => SystemText("nvmlSystemGetNVMLVersion");

    /// <summary>CUDA as 1000 x major + 10 x minor; null where it is not known.</summary>
    public int? CudaVersion()
    {
        foreach (var name in (ReadOnlySpan<string>)["nvmlSystemGetCudaDriverVersion_v2", "nvmlSystemGetCudaDriverVersion"])
        {
            var f = Find(name);
            int version;
            if (f != IntPtr.Zero && ((delegate* unmanaged[Cdecl]<int*, int>)f)(&version) == Success)
                return version;
        }

        return null;
    }

    public int? DeviceCount()
    {
        var f = Find("nvmlDeviceGetCount_v2");
        uint count;
        return f != IntPtr.Zero && ((delegate* unmanaged[Cdecl]<uint*, int>)f)(&count) == Success ? (int)Math.Min(count, int.MaxValue) : null;
    }

    /// <summary>The handle of a device; zero, and NVML's code, where it has none.</summary>
    public IntPtr Device(int index, out int code)
    {
        var f = Find("nvmlDeviceGetHandleByIndex_v2");
        var device = IntPtr.Zero;
        code = f == IntPtr.Zero ? MissingFunction : ((delegate* unmanaged[Cdecl]<uint, IntPtr*, int>)f)((uint)index, &device);
        return code == Success ? device : IntPtr.Zero;
    }

    public string? Name(IntPtr device) => DeviceText("nvmlDeviceGetName", device);

    public string? Uuid(IntPtr device) => DeviceText("nvmlDeviceGetUUID", device);

    public (int Major, int Minor)? ComputeCapability(IntPtr device)
    {
        var f = Find("nvmlDeviceGetCudaComputeCapability");
        int major, minor;
        return f != IntPtr.Zero && ((delegate* unmanaged[Cdecl]<IntPtr, int*, int*, int>)f)(device, &major, &minor) == Success ? (major, minor) : null;
    }

    /// <summary>The PCI address and device id (device in the upper half, vendor in the lower).</summary>
    public (string BusId, uint DeviceId)? Pci(IntPtr device)
    {
        const int Size = 128; // nvmlPciInfo_t is 68 bytes: legacy address 16, five numbers, address 32
        const int DeviceIdAt = 28;
        const int BusIdAt = 36;
        var f = Find("nvmlDeviceGetPciInfo_v3");
        if (f == IntPtr.Zero)
            return null;
        var info = stackalloc byte[Size];
        new Span<byte>(info, Size).Clear();
        if (((delegate* unmanaged[Cdecl]<IntPtr, byte*, int>)f)(device, info) != Success)
            return null;
        return (Text(info + BusIdAt, 32), *(uint*)(info + DeviceIdAt));
    }

    public ulong? TotalMemory(IntPtr device)
    {
        var f = Find("nvmlDeviceGetMemoryInfo");
        var sizes = stackalloc ulong[3];
        return f != IntPtr.Zero && ((delegate* unmanaged[Cdecl]<IntPtr, ulong*, int>)f)(device, sizes) == Success ? sizes[0] : null;
    }

    private string? SystemText(string function)
    {
        var f = Find(function);
        var text = stackalloc byte[TextLength];
        new Span<byte>(text, TextLength).Clear();
        return f != IntPtr.Zero && ((delegate* unmanaged[Cdecl]<byte*, uint, int>)f)(text, TextLength) == Success ? Text(text, TextLength) : null;
    }

    private string? DeviceText(string function, IntPtr device)
    {
        var f = Find(function);
        var text = stackalloc byte[TextLength];
        new Span<byte>(text, TextLength).Clear();
        return f != IntPtr.Zero && ((delegate* unmanaged[Cdecl]<IntPtr, byte*, uint, int>)f)(device, text, TextLength) == Success ? Text(text, TextLength) : null;
    }

    private static string Text(byte* text, int limit)
    {
        var bytes = new ReadOnlySpan<byte>(text, limit);
        var end = bytes.IndexOf((byte)0);
        return System.Text.Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private IntPtr Find(string name) => NativeLibrary.TryGetExport(_library, name, out var address) ? address : IntPtr.Zero;
}
