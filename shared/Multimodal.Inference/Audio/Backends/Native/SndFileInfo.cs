using System.Runtime.InteropServices;

namespace Multimodal.Inference.Audio.Backends.Native;

/// <summary><c>SF_INFO</c> of libsndfile: what the header of a file states.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SndFileInfo
{
    public long Frames;
    public int SampleRate;
    public int Channels;
    public int Format;
    public int Sections;
    public int Seekable;
}
