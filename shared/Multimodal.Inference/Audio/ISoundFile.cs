namespace Multimodal.Inference.Audio;

/// <summary>A sound file opened for reading, once, from start to end. What is wrong with its bytes ends it; it never throws.</summary>
internal interface ISoundFile : IDisposable
{
    /// <summary>What the header says.</summary>
    SoundHeader Header { get; }

    /// <summary>Reads as many whole frames as fit, the channels interleaved, nominally -1 to 1.</summary>
    /// <returns>Frames read; 0 at the end or at damage, after which no more are to be read.</returns>
    int ReadFrames(Span<float> interleaved);
}

/// <summary>What the header of a sound file says; all of it may be wrong.</summary>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="Channels">Samples per frame.</param>
/// <param name="Frames">Length, or null if the header leaves it open.</param>
internal readonly record struct SoundHeader(int SampleRate, int Channels, long? Frames);
