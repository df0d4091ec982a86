namespace Multimodal.Inference.Audio.Backends;

/// <summary>A sound file opened for reading, once, from start to end. What is wrong with its bytes ends it; it never throws.</summary>
internal interface IAudioReader : IDisposable
{
    /// <summary>What the header says.</summary>
    AudioHeader Header { get; }

    /// <summary>Reads as many whole frames as fit, the channels interleaved, nominally -1 to 1.</summary>
    /// <returns>Frames read; 0 at the end or at damage, after which no more are to be read.</returns>
    int ReadFrames(Span<float> interleaved);
}
