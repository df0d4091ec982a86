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
    public static partial nint OpenVirtual(SndFileVirtualIo* io, int mode, SndFileInfo* info, void* userData);

    [LibraryImport(NativeAudioLibraries.SndFile, EntryPoint = "sf_readf_float")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial long ReadFrames(nint file, float* samples, long frames);

    [LibraryImport(NativeAudioLibraries.SndFile, EntryPoint = "sf_close")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int Close(nint file);
}
