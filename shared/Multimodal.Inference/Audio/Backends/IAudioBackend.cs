using System.Buffers;
using Multimodal.Inference.Audio.Resampling;

namespace Multimodal.Inference.Audio.Backends;

/// <summary>Libraries that decode audio files and convert sample rates. Thread-safe.</summary>
internal interface IAudioBackend
{
    /// <summary>The libraries, for example "libsndfile and libsoxr".</summary>
    string Name { get; }

    /// <summary>The formats that it decodes, for example "WAV, MP3 and AIFF".</summary>
    string Formats { get; }

    /// <summary>The formats that only the other backend decodes, separated by commas; null if there are none.</summary>
    string? UnsupportedFormats { get; }

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="bytes">The file. It must not move until the reader is disposed.</param>
    /// <param name="mediaType">Its media type, determined from its first bytes.</param>
    /// <param name="unsupported">The format, if the result is null because this backend does not decode it; else null.</param>
    /// <returns>A reader, or null if the format is unsupported, the header is broken or the encoding is unknown.</returns>
    IAudioReader? Open(ReadOnlyMemory<byte> bytes, string mediaType, out string? unsupported);

    /// <summary>Creates a converter between two different sample rates.</summary>
    /// <param name="inputRate">Sample rate of the input, in hertz.</param>
    /// <param name="outputRate">Sample rate of the output, in hertz.</param>
    /// <param name="output">Receives the converted samples.</param>
    IResampler CreateResampler(int inputRate, int outputRate, IBufferWriter<float> output);
}
