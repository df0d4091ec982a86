using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Multimodal.Inference.Audio.Backends.Native;

/// <summary>The functions of the libsoxr 0.1 C API for streaming conversion with the default (high) quality.</summary>
internal static unsafe partial class LibSoxr
{
    /// <summary>
    /// Creates a converter. Null specifications select interleaved float32 input and output, high quality and one thread.
    /// </summary>
    [LibraryImport(NativeAudioLibraries.Soxr, EntryPoint = "soxr_create")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint Create(
        double inputRate, double outputRate, uint channels, byte** error, void* ioSpec, void* qualitySpec, void* runtimeSpec);

    /// <summary>Converts samples. A null input ends the signal. Returns null, or a static error text.</summary>
    [LibraryImport(NativeAudioLibraries.Soxr, EntryPoint = "soxr_process")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial byte* Process(
        nint converter, float* input, nuint inputLength, nuint* inputDone, float* output, nuint outputLength, nuint* outputDone);

    [LibraryImport(NativeAudioLibraries.Soxr, EntryPoint = "soxr_delete")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void Delete(nint converter);
}
