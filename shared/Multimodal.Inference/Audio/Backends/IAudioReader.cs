namespace Multimodal.Inference.Audio.Backends;

/// <summary>
/// Reads the samples of an audio file once, from start to end. Damaged bytes end the audio; it never throws because of them.
/// </summary>
internal interface IAudioReader : IDisposable
{
    /// <summary>What the header states.</summary>
    AudioHeader Header { get; }

    /// <summary>Reads as many whole frames as fit.</summary>
    /// <param name="interleaved">Receives the samples, channels interleaved, nominally in [-1, 1].</param>
    /// <returns>Number of frames read; 0 at the end or at damage. Do not call it again after 0.</returns>
    int ReadFrames(Span<float> interleaved);
}
