using System.Runtime.InteropServices;

namespace Multimodal.Inference.Audio.Backends.Native;

/// <summary><c>SF_VIRTUAL_IO</c> of libsndfile: the functions that read from a user-defined source.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SndFileVirtualIo
{
    public delegate* unmanaged[Cdecl]<void*, long> Length;
    public delegate* unmanaged[Cdecl]<long, int, void*, long> Seek;
    public delegate* unmanaged[Cdecl]<void*, long, void*, long> Read;
    public delegate* unmanaged[Cdecl]<void*, long, void*, long> Write;
    public delegate* unmanaged[Cdecl]<void*, long> Tell;
}
