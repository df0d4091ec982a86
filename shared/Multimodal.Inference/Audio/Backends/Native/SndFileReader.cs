using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Multimodal.Inference.Audio.Backends.Native;

/// <summary>Reads an audio file in memory with libsndfile.</summary>
internal sealed unsafe class SndFileReader : IAudioReader
{
    // libsndfile reports an unknown length, for example of a FLAC stream, as the largest value.
    private const long UnknownFrames = long.MaxValue;

    private readonly MemoryHandle _pin;
    private Source* _source;
    private nint _handle;

    private SndFileReader(ReadOnlyMemory<byte> bytes)
    {
        _pin = bytes.Pin();
        _source = (Source*)NativeMemory.AllocZeroed((nuint)sizeof(Source));
        _source->Data = (byte*)_pin.Pointer;
        _source->Length = bytes.Length;
    }

    public AudioHeader Header { get; private set; }

    /// <summary>Opens a file and reads its header.</summary>
    /// <returns>Null if libsndfile cannot read the file.</returns>
    public static SndFileReader? Open(ReadOnlyMemory<byte> bytes)
    {
        var file = new SndFileReader(bytes);
        if (file.TryOpen())
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    public int ReadFrames(Span<float> interleaved)
    {
        var frames = interleaved.Length / Header.Channels;
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

        NativeMemory.Free(_source);
        _source = null;
        _pin.Dispose();
    }

    private bool TryOpen()
    {
        var io = new SndFileVirtualIo
        {
            Length = &GetLength,
            Seek = &Seek,
            Read = &Read,
            Write = &Write,
            Tell = &Tell,
        };
        var info = default(SndFileInfo);
        _handle = LibSndFile.OpenVirtual(&io, LibSndFile.ReadMode, &info, _source);
        Header = new AudioHeader(info.SampleRate, info.Channels, info.Frames == UnknownFrames ? null : info.Frames);
        return _handle != 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long GetLength(void* source) => ((Source*)source)->Length;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Tell(void* source) => ((Source*)source)->Position;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Seek(long offset, int whence, void* source)
    {
        var file = (Source*)source;
        var origin = whence switch { 0 => 0, 1 => file->Position, 2 => file->Length, _ => -1 };
        // A false header can lead to any offset, including one that overflows.
        if (origin < 0 || offset < -origin || offset > file->Length - origin)
        {
            return -1;
        }

        file->Position = origin + offset;
        return file->Position;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Read(void* buffer, long count, void* source)
    {
        var file = (Source*)source;
        var available = Math.Clamp(count, 0, file->Length - file->Position);
        Buffer.MemoryCopy(file->Data + file->Position, buffer, available, available);
        file->Position += available;
        return available;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Write(void* buffer, long count, void* source) => 0;

    /// <summary>The bytes of the file and the read position.</summary>
    private struct Source
    {
        public byte* Data;
        public long Length;
        public long Position;
    }
}
