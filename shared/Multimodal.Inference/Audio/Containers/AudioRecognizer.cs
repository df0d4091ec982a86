using Multimodal.Inference.Audio.Containers.Caf;
using Multimodal.Inference.Audio.Containers.Mp4;
using Multimodal.Inference.Audio.Containers.Mpeg;
using Multimodal.Inference.Audio.Containers.Ogg;
using Multimodal.Inference.Audio.Containers.Riff;
using Multimodal.Inference.Audio.Containers.Webm;
using Multimodal.Inference.Audio.Formats;

namespace Multimodal.Inference.Audio.Containers;

/// <summary>Recognizes a file by its bytes.</summary>
internal static class AudioRecognizer
{
    /// <summary>Recognizes a file. Bytes before the magic number are skipped.</summary>
    /// <returns>Null if the bytes are not audio of a known type.</returns>
    public static AudioFile? Recognize(ReadOnlyMemory<byte> bytes)
    {
        if (AudioSniffer.Container(bytes.Span) is { } container)
        {
            return Open(container, bytes);
        }

        if (KnownFiles.Name(bytes.Span) is not null)
        {
            return null;
        }

        bytes = bytes[AudioSniffer.Leading(bytes.Span)..];
        var content = bytes[(bytes.Length - AudioSniffer.SkipId3(bytes.Span, out var isTagged).Length)..];
        return AudioSniffer.Container(content.Span) is { } inner ? Open(inner, content)
            : AdtsStream.Recognize(content) ?? Mp3Stream.Recognize(content, isTagged);
    }

    private static AudioFile Open(AudioFormat container, ReadOnlyMemory<byte> bytes) =>
        container == AudioFormat.Wav ? WavChunks.Recognize(bytes)
        : container == AudioFormat.Aiff ? AiffChunks.Recognize(bytes)
        : container == AudioFormat.Ogg ? OggFile.Recognize(bytes)
        : container == AudioFormat.Matroska ? WebmFile.Recognize(bytes)
        : container == AudioFormat.Mp4 ? Mp4File.Recognize(bytes)
        : container == AudioFormat.Caf ? CafFile.Recognize(bytes)
        : container == AudioFormat.Flac ? AudioFile.Single(container, bytes)
        : new AudioFile(container, [], bytes);
}
