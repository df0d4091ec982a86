using Multimodal.Inference.Audio.Containers.Caf;
using Multimodal.Inference.Audio.Containers.Mp4;
using Multimodal.Inference.Audio.Containers.Mpeg;
using Multimodal.Inference.Audio.Containers.Ogg;
using Multimodal.Inference.Audio.Containers.Riff;
using Multimodal.Inference.Audio.Containers.Webm;
using Multimodal.Inference.Audio.Formats;

namespace Multimodal.Inference.Audio.Containers;

/// <summary>A recognised file. Faults that one decoder tolerates and another does not are repaired before either sees the bytes.</summary>
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

    /// <summary>Recognises a file by its bytes. Bytes before the magic number are skipped.</summary>
    /// <returns>Null if the bytes are not audio of a known type.</returns>
    public static AudioFile? Recognise(ReadOnlyMemory<byte> bytes)
    {
        if (AudioSniffer.Container(bytes.Span) is { } container)
        {
            return Open(container, bytes);
        }

        if (KnownFiles.Name(bytes.Span) is not null)
        {
            return null;
        }

        var leading = AudioSniffer.Leading(bytes.Span);
        bytes = bytes[leading..];
        var content = bytes[(bytes.Length - AudioSniffer.SkipId3(bytes.Span, out var isTagged).Length)..];
        return AudioSniffer.Container(content.Span) is { } inner ? Open(inner, content)
            : AdtsStream.Recognise(content) ?? Mp3Stream.Recognise(content, isTagged);
    }

    /// <summary>Creates a file with one recording, which both decoders read as it is.</summary>
    public static AudioFile Single(AudioFormat format, ReadOnlyMemory<byte> bytes) => new(format, [new AudioLink(format.MediaType, bytes)], bytes);

    private static AudioFile Open(AudioFormat container, ReadOnlyMemory<byte> bytes) =>
        container == AudioFormat.Wav ? WavChunks.Recognise(bytes)
        : container == AudioFormat.Aiff ? AiffChunks.Recognise(bytes)
        : container == AudioFormat.Ogg ? OggFile.Recognise(bytes)
        : container == AudioFormat.Matroska ? WebmFile.Recognise(bytes)
        : container == AudioFormat.Mp4 ? Mp4File.Recognise(bytes)
        : container == AudioFormat.Caf ? CafFile.Recognise(bytes)
        : container == AudioFormat.Flac ? Single(container, bytes)
        : new AudioFile(container, [], bytes);
}
