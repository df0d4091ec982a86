using System.Buffers;
using Multimodal.Inference.Audio.Formats;
using Multimodal.Inference.Audio.Resampling;

namespace Multimodal.Inference.Audio.Backends;

/// <summary>What reads sound files and converts their rate. Called by many threads at once.</summary>
internal interface IAudioBackend
{
    /// <summary>What does the work, in English: "libsndfile and libsoxr".</summary>
    string Name { get; }

    /// <summary>What it reads, as a list in English: "WAV, MP3 and AIFF".</summary>
    string Formats { get; }

    /// <summary>Formats that only the other decoder reads, as such a list; null if there are none.</summary>
    string? Unread { get; }

    /// <summary>Reads the header of a file.</summary>
    /// <param name="bytes">The whole file; it must stay where it is until the result is disposed.</param>
    /// <param name="mediaType">Its type, by its first bytes (<see cref="AudioSniffer"/>).</param>
    /// <param name="unread">The format that this decoder does not read, as a noun in English, if that is the reason for null; else null.</param>
    /// <returns>Null if <paramref name="unread"/>, or if the header is broken or the encoding is unknown.</returns>
    IAudioReader? Open(ReadOnlyMemory<byte> bytes, string mediaType, out string? unread);

    /// <summary>Starts the conversion of a mono stream between two different rates.</summary>
    IResampler Resample(int inputRate, int outputRate, IBufferWriter<float> output);
}
