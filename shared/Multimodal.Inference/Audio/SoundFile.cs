using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Multimodal.Inference.Audio;

/// <summary>
/// A sound file in memory, opened for reading with libsndfile. It holds pointers: <see cref="Open"/> must be called inside a
/// <c>fixed</c> block, on a <see cref="Memory"/> that lives on the caller's stack, and the file disposed before either ends.
/// </summary>
internal unsafe ref struct SoundFile
{
    private nint _handle;

    private SoundFile(nint handle, LibSndFile.Info info)
    {
        _handle = handle;
        Info = info;
    }

    /// <summary>What the header says; the frame count may lie.</summary>
    public LibSndFile.Info Info { get; }

    /// <summary>False when libsndfile cannot make sense of the header.</summary>
    public readonly bool IsOpen => _handle != 0;

    /// <summary>Reads the header.</summary>
    public static SoundFile Open(Memory* memory)
    {
        LibSndFile.Require();
        var io = new LibSndFile.VirtualIo
        {
            Length = &GetLength,
            Seek = &Seek,
            Read = &Read,
            Write = &Write,
            Tell = &Tell,
        };
        var info = default(LibSndFile.Info);
        var handle = LibSndFile.OpenVirtual(&io, LibSndFile.ReadMode, &info, memory);
        return new SoundFile(handle, info);
    }

    /// <summary>Reads up to <paramref name="frames"/> frames, interleaved; fewer only at the end or at damage.</summary>
    public readonly int ReadFrames(Span<float> interleaved, int frames)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)frames * Info.Channels, interleaved.Length);
        fixed (float* samples = interleaved)
        {
            return (int)Math.Clamp(LibSndFile.ReadFrames(_handle, samples, frames), 0, frames);
        }
    }

    public void Dispose()
    {
        if (_handle != 0)
        {
            _ = LibSndFile.Close(_handle);
            _handle = 0;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long GetLength(void* memory) => ((Memory*)memory)->Length;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Tell(void* memory) => ((Memory*)memory)->Position;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Seek(long offset, int whence, void* memory)
    {
        var file = (Memory*)memory;
        var origin = whence switch { 0 => 0, 1 => file->Position, 2 => file->Length, _ => -1 };
        // A lying header may ask for any offset, also for one that overflows.
        if (origin < 0 || offset < -origin || offset > file->Length - origin)
        {
            return -1;
        }

        file->Position = origin + offset;
        return file->Position;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Read(void* buffer, long count, void* memory)
    {
        var file = (Memory*)memory;
        var available = Math.Clamp(count, 0, file->Length - file->Position);
        Buffer.MemoryCopy(file->Data + file->Position, buffer, available, available);
        file->Position += available;
        return available;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Write(void* buffer, long count, void* memory) => 0;

    /// <summary>The file's bytes and the read position.</summary>
    internal struct Memory
    {
        public byte* Data;
        public long Length;
        public long Position;
    }
}
