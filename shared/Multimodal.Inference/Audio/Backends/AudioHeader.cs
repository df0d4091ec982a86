namespace Multimodal.Inference.Audio.Backends;

/// <summary>What the header of a sound file says; all of it may be wrong.</summary>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="Channels">Samples per frame.</param>
/// <param name="Frames">Length, or null if the header leaves it open.</param>
internal readonly record struct AudioHeader(int SampleRate, int Channels, long? Frames)
{
    public const int MinSampleRate = 1_000;
    public const int MaxSampleRate = 768_000;
    public const int MaxChannels = 64;
}
