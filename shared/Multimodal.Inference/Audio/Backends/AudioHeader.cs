namespace Multimodal.Inference.Audio.Backends;

/// <summary>What the header of an audio file states. Any of it may be false.</summary>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="Channels">Samples per frame.</param>
/// <param name="Frames">Length in frames; null if the header does not state it.</param>
internal readonly record struct AudioHeader(int SampleRate, int Channels, long? Frames)
{
    /// <summary>Lowest supported sample rate, in hertz.</summary>
    public const int MinSampleRate = 1_000;

    /// <summary>Highest supported sample rate, in hertz.</summary>
    public const int MaxSampleRate = 768_000;

    /// <summary>Largest supported number of channels.</summary>
    public const int MaxChannels = 64;

    /// <summary>Duration in seconds; null if the header does not state it.</summary>
    public double? Seconds => (double?)Frames / SampleRate;
}
