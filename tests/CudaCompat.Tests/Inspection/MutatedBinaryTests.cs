using System.Diagnostics;
using System.Globalization;
using CudaCompat.Binaries;
using CudaCompat.Inspection;

namespace CudaCompat.Tests.Inspection;

/// <summary>Binaries with wrong bytes in any place, cut, or with lengths that lie: read or refused, never an error of another kind. CUDACOMPAT_MUTATIONS=1000000 is the full proof.</summary>
public sealed class MutatedBinaryTests
{
    private static readonly int Mutations = int.Parse(Environment.GetEnvironmentVariable("CUDACOMPAT_MUTATIONS") ?? "3000", CultureInfo.InvariantCulture);

    [Fact]
    public void Binary_Mutated_IsReadOrRefused()
    {
        byte[][] sound =
        [
            BinarySamples.Elf(["libcudart.so.12", "libc.so.6"], BinarySamples.Lz4Fatbin, BinarySamples.Container(BinarySamples.Cubin("sm_90a"), BinarySamples.Ptx("sm_120"))),
            BinarySamples.Pe(["cudart64_12.dll", "KERNEL32.dll"], BinarySamples.PlainFatbin, BinarySamples.Container(BinarySamples.Ptx("sm_80", zstd: false))),
            BinarySamples.Elf([], BinarySamples.Container(BinarySamples.Cubin("sm_80"), BinarySamples.Cubin("sm_120f"))),
        ];
        var random = new Random(17);
        var read = 0;
        for (var i = 0; i < Mutations; i++)
        {
            var bytes = Mutated(sound[i % sound.Length], random);
            var clock = Stopwatch.StartNew();
            if (FileInspector.Read(new MemorySource(bytes), "mutated") is { } file)
            {
                read++;
                InspectionSummary.Of("mutated", [file], isWhole: false).Candidates.Count.Should().BeLessThanOrEqualTo(1);
            }

            clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20), "mutation {0} is of {1} bytes", i, bytes.Length);
        }

        read.Should().BeInRange(Mutations / 10, Mutations);
    }

    [Fact]
    public void Package_Mutated_IsReadOrRefused()
    {
        var sound = BinarySamples.Zip(("a.so", BinarySamples.Elf(["libcudart.so.12"], BinarySamples.Lz4Fatbin)), ("b.dll", BinarySamples.Pe(["cudart64_12.dll"])));
        var random = new Random(18);
        var path = Path.GetTempFileName();
        try
        {
            for (var i = 0; i < Mutations / 10; i++)
            {
                File.WriteAllBytes(path, Mutated(sound, random));
                try
                {
                    Inspector.Inspect(path).Files.Count.Should().BeLessThanOrEqualTo(2);
                }
                catch (InspectionException e)
                {
                    e.Message.Should().NotBeEmpty();
                }
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Single bits and bytes, whole numbers at their limits, stretches of another place, and an end too early.
    private static byte[] Mutated(byte[] sound, Random random)
    {
        var bytes = (byte[])sound.Clone();
        for (var change = random.Next(1, 10); change > 0; change--)
        {
            var at = random.Next(4, bytes.Length - 8);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    BitConverter.TryWriteBytes(bytes.AsSpan(at), random.Next(4) switch { 0 => ulong.MaxValue, 1 => long.MaxValue, 2 => 0UL, _ => (ulong)random.NextInt64() });
                    break;
                case 3:
                    BitConverter.TryWriteBytes(bytes.AsSpan(at), random.Next(3) switch { 0 => uint.MaxValue, 1 => int.MaxValue, _ => (uint)random.Next(1, 1 << 20) });
                    break;
                default:
                    var length = random.Next(1, Math.Min(64, bytes.Length - at));
                    bytes.AsSpan(random.Next(bytes.Length - length), length).CopyTo(bytes.AsSpan(at));
                    break;
            }
        }

        return random.Next(4) == 0 ? bytes[..random.Next(64, bytes.Length)] : bytes;
    }
}
