using Multimodal.Inference.Audio.Containers.Ogg;
using Multimodal.Inference.Audio.Formats;

namespace Multimodal.Inference.Audio.Containers.Webm;

/// <summary>
/// Recognizes the first sound track of a WebM or Matroska file (RFC 9559). Opus, which browsers record, is written as Ogg, which both
/// decoders read. Other codings are passed to ffmpeg.
/// </summary>
internal static class WebmFile
{
    /// <summary>Recognizes a file that starts with an EBML header.</summary>
    public static AudioFile Recognize(ReadOnlyMemory<byte> bytes)
    {
        var tracks = WebmReader.Read(bytes, out var type);
        var container = type == "webm" ? "WebM" : "Matroska";
        var track = tracks.Find(track => track.IsSound);
        if (track is null)
        {
            return new AudioFile(AudioFormat.Matroska with { Name = $"{container} without a sound track", Demuxer = null }, [], bytes);
        }

        var codec = Name(track.Codec);
        var format = AudioFormat.Matroska with
        {
            MediaType = $"audio/{(type == "webm" ? "webm" : "x-matroska")}",
            Name = $"{codec} in {container}",
        };
        if (codec != "Opus" || track.IsEncoded || track.HasLacing || !track.Setup.Span.StartsWith("OpusHead"u8))
        {
            return new AudioFile(format, [], bytes);
        }

        var trimmed = track.TrimmedNanoseconds * 48 / 1_000_000;
        var link = new AudioLink(AudioFormat.OggOpus.MediaType, OggWriter.Opus(track.Setup, track.Packets, trimmed));
        return new AudioFile(format with { MediaType = $"{format.MediaType}; codecs=opus" }, [link], bytes);
    }

    private static string Name(string codec) => codec switch
    {
        "A_OPUS" => "Opus",
        "A_VORBIS" => "Vorbis",
        "A_FLAC" => "FLAC",
        "A_MPEG/L3" => "MP3",
        "A_ALAC" => "ALAC",
        _ when codec.StartsWith("A_AAC", StringComparison.Ordinal) => "AAC",
        _ when codec.StartsWith("A_PCM", StringComparison.Ordinal) => "PCM",
        _ => "an unknown coding",
    };
}
