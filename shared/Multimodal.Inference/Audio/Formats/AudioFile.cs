namespace Multimodal.Inference.Audio.Formats;

/// <summary>A recognized file. Faults that one decoder tolerates and another does not are repaired before either sees the bytes.</summary>
/// <param name="Format">Its format.</param>
/// <param name="Links">The recordings that follow one another in it; empty if only ffmpeg decodes the format.</param>
/// <param name="Bytes">The file for ffmpeg, which reads it through a pipe: the index precedes the sound.</param>
internal sealed record AudioFile(AudioFormat Format, IReadOnlyList<AudioLink> Links, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Duration in seconds, if the container states it or it can be counted without decoding; else null.</summary>
    public double? Seconds { get; init; }

    /// <summary>Whether its coding is one that not every decoder reads, so that a failure is not the fault of the file.</summary>
    public bool IsRare { get; init; }

    /// <summary>Why the file cannot be decoded, with what to do; null if nothing is known against it.</summary>
    public string? Fault { get; init; }

    /// <summary>Creates a file with one recording, which both decoders read as it is.</summary>
    public static AudioFile Single(AudioFormat format, ReadOnlyMemory<byte> bytes) =>
        new(format, [new AudioLink(format.MediaType, bytes)], bytes);
}
