namespace Multimodal.Inference.Audio.Formats;

/// <summary>A recognized format.</summary>
/// <param name="MediaType">Its media type (RFC 6838).</param>
/// <param name="Name">Its name for messages, for example "AAC in MP4".</param>
/// <param name="Demuxer">The name of ffmpeg's reader of the container; null if the format is not passed to ffmpeg.</param>
internal sealed record AudioFormat(string MediaType, string Name, string? Demuxer)
{
    public static readonly AudioFormat Wav = new("audio/wav", "WAV", "wav");
    public static readonly AudioFormat Aiff = new("audio/aiff", "AIFF", "aiff");
    public static readonly AudioFormat Flac = new("audio/flac", "FLAC", "flac");
    public static readonly AudioFormat Mp3 = new("audio/mpeg", "MP3", "mp3");
    public static readonly AudioFormat Adts = new("audio/aac", "AAC in ADTS", "aac");
    public static readonly AudioFormat Amr = new("audio/amr", "AMR", "amr");
    public static readonly AudioFormat Ogg = new("audio/ogg", "OGG", "ogg");
    public static readonly AudioFormat OggVorbis = new("audio/ogg; codecs=vorbis", "OGG Vorbis", "ogg");
    public static readonly AudioFormat OggOpus = new("audio/ogg; codecs=opus", "Opus", "ogg");
    public static readonly AudioFormat OggFlac = new("audio/ogg; codecs=flac", "FLAC in OGG", "ogg");
    public static readonly AudioFormat OggSpeex = new("audio/ogg; codecs=speex", "Speex in OGG", "ogg");
    public static readonly AudioFormat Mp4 = new("audio/mp4", "MP4", "mov");
    public static readonly AudioFormat Caf = new("audio/x-caf", "CAF", "caf");
    public static readonly AudioFormat Matroska = new("audio/webm", "WebM", "matroska");
}
