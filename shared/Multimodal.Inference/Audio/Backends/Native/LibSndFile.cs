using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Multimodal.Inference.Audio.Backends.Native;

/// <summary>
/// The functions of the libsndfile 1.2 C API for reading through virtual I/O. Field and constant names correspond to <c>sndfile.h</c>.
/// </summary>
internal static unsafe partial class LibSndFile
{
    public const int ReadMode = 0x10;

    [LibraryImport(NativeAudioLibraries.SndFile, EntryPoint = "sf_open_virtual")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint OpenVirtual(VirtualIo* io, int mode, Info* info, void* userData);

    [LibraryImport(NativeAudioLibraries.SndFile, EntryPoint = "sf_readf_float")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial long ReadFrames(nint file, float* samples, long frames);

    [LibraryImport(NativeAudioLibraries.SndFile, EntryPoint = "sf_close")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int Close(nint file);

    /// <summary><c>SF_INFO</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Info
    {
        public long Frames;
        public int SampleRate;
        public int Channels;
        public int Format;
        public int Sections;
        public int Seekable;
    }

    /// <summary><c>SF_VIRTUAL_IO</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct VirtualIo
    {
        public delegate* unmanaged[Cdecl]<void*, long> Length;
        public delegate* unmanaged[Cdecl]<long, int, void*, long> Seek;
        public delegate* unmanaged[Cdecl]<void*, long, void*, long> Read;
        public delegate* unmanaged[Cdecl]<void*, long, void*, long> Write;
        public delegate* unmanaged[Cdecl]<void*, long> Tell;
    }
}
