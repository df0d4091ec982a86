using System.ComponentModel;
using Multimodal.Inference.Audio.Backends;
using Multimodal.Inference.Audio.Backends.Ffmpeg;
using Multimodal.Inference.Audio.Containers;
using Multimodal.Inference.Audio.Formats;
using Multimodal.Inference.Media;
using static System.FormattableString;

namespace Multimodal.Inference.Audio.Decoding;

/// <summary>Recognizes files, checks size and header, and selects the reader: the library backend, else an ffmpeg process.</summary>
/// <param name="limits">The media limits.</param>
internal sealed class AudioOpener(MediaOptions limits)
{
    private const string Conversion = "Convert the file to WAV, for example with: ffmpeg -i INPUT OUTPUT.wav.";

    private readonly FfmpegDecoder? _ffmpeg = FfmpegDecoder.Find(limits);

    /// <summary>The backend of the libraries.</summary>
    public IAudioBackend Backend { get; } = AudioBackends.For(limits.AudioDecoder);

    private string Formats => AudioSupport.FormatsOf(Backend, _ffmpeg is not null);

    /// <summary>Opens a file.</summary>
    /// <param name="bytes">The file. It must not move until the result is disposed.</param>
    /// <param name="isInspection">Whether only the header is needed; then no process is started.</param>
    /// <param name="failure">The reason why the file is refused, if the result is null.</param>
    public AudioSource? Open(ReadOnlyMemory<byte> bytes, bool isInspection, out MediaFailure? failure)
    {
        failure = CheckSize(bytes.Span);
        if (failure is not null)
        {
            return null;
        }

        if (AudioRecognizer.Recognize(bytes) is not { } file)
        {
            failure = Unknown(bytes.Span);
            return null;
        }

        if (file.Fault is not null)
        {
            failure = new MediaFailure(MediaFailureCode.Undecodable, file.Fault);
            return null;
        }

        var source = OpenLinks(file, out var unsupported, out failure);
        if (source is null && failure is null)
        {
            source = OpenProcess(file, unsupported, isInspection, out failure);
        }

        failure ??= source!.Seconds > limits.AudioSeconds ? TooLong() : null;
        if (failure is null)
        {
            return source;
        }

        source?.Dispose();
        return null;
    }

    /// <summary>Opens a recording again, to read it from the start.</summary>
    /// <returns>A reader that the caller disposes; null with a failure if the process that decodes it cannot be started again.</returns>
    public IAudioReader? Reopen(AudioSource source, int index, out MediaFailure? failure)
    {
        failure = null;
        var (link, reader) = source.Links[index];
        if (link is { } recording)
        {
            return Backend.Open(recording.Bytes, recording.MediaType, out _)!;
        }

        // A process that waits for another one, and keeps its own place, can wait for itself.
        reader.Dispose();
        return StartProcess(source.File, out failure);
    }

    /// <summary>The failure of a file that exceeds the limit on seconds.</summary>
    public MediaFailure TooLong() => new(
        MediaFailureCode.TooLarge,
        Invariant($"The audio is too long; the limit is {limits.AudioSeconds:0.#} seconds. Send a shorter part."));

    /// <summary>The failure of a file at which ffmpeg reached a limit.</summary>
    public MediaFailure TooCostly(AudioFile file) => new(
        MediaFailureCode.Undecodable,
        Invariant($"Decoding the {file.Format.Name} file took more than {limits.FfmpegSeconds} seconds or ")
        + Invariant($"{limits.FfmpegMegabytes} MiB. {Conversion}"));

    /// <summary>Opens all recordings with the backend. Recordings without samples beside others are skipped.</summary>
    /// <returns>Null without a failure if the backend does not decode the format.</returns>
    private AudioSource? OpenLinks(AudioFile file, out string? unsupported, out MediaFailure? failure)
    {
        (unsupported, failure) = (null, null);
        var links = new List<OpenLink>();
        foreach (var link in file.Links)
        {
            var reader = Backend.Open(link.Bytes, link.MediaType, out unsupported);
            var problem = reader is null ? UnreadableHeader(file) : CheckHeader(file, reader.Header);
            if (problem is null)
            {
                links.Add(new OpenLink(link, reader!));
                continue;
            }

            reader?.Dispose();
            failure ??= problem;
            if (unsupported is not null)
            {
                break;
            }
        }

        var source = new AudioSource(file, links);
        if (unsupported is null && links.Count > 0)
        {
            failure = null;
            return source;
        }

        source.Dispose();
        failure = unsupported is not null || file.IsRare ? null : failure;
        return null;
    }

    private AudioSource? OpenProcess(AudioFile file, string? unsupported, bool isInspection, out MediaFailure? failure)
    {
        // The name of the file says more, for example "FLAC in OGG" and not "FLAC".
        var name = unsupported is null || file.Format.Name.Contains(unsupported, StringComparison.Ordinal) ? file.Format.Name : unsupported;
        // ffmpeg decodes only the first of chained recordings that differ in channels.
        failure = file.Format.Demuxer is null ? NotSound(name)
            : _ffmpeg is null || file.Links.Count > 1 ? Unsupported(name, unsupported is not null)
            : null;
        if (failure is not null || isInspection || file.Seconds > limits.AudioSeconds)
        {
            return failure is null ? new AudioSource(file, []) : null;
        }

        return StartProcess(file, out failure) is { } reader ? new AudioSource(file, [new OpenLink(null, reader)]) : null;
    }

    /// <summary>Starts a process and checks what it states about the file.</summary>
    private FfmpegReader? StartProcess(AudioFile file, out MediaFailure? failure)
    {
        FfmpegReader? reader = null;
        try
        {
            reader = _ffmpeg!.Start(file.Bytes, file.Format.Demuxer!);
            failure = reader is null ? Busy(file)
                : reader.Header.Channels > 0 ? CheckHeader(file, reader.Header)
                : reader.IsKilled ? TooCostly(file)
                : UnreadableHeader(file);
        }
        catch (Win32Exception)
        {
            failure = Unsupported(file.Format.Name, false);
        }

        if (failure is null)
        {
            return reader;
        }

        reader?.Dispose();
        return null;
    }

    private static MediaFailure Busy(AudioFile file) => new(
        MediaFailureCode.Overloaded,
        $"The server decodes the maximum number of files that need ffmpeg, such as {file.Format.Name}. Retry later. {Conversion}");

    private MediaFailure? CheckSize(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? new MediaFailure(MediaFailureCode.Empty, "The audio file has no bytes. Send a recording.")
        : bytes.Length > limits.AudioBytes ? new MediaFailure(
            MediaFailureCode.TooLarge,
            Invariant($"The audio file has {bytes.Length:N0} bytes; the limit is {limits.AudioBytes:N0} bytes."))
        : null;

    private static MediaFailure? CheckHeader(AudioFile file, AudioHeader header)
    {
        if (header.SampleRate is < AudioHeader.MinSampleRate or > AudioHeader.MaxSampleRate
            || header.Channels is < 1 or > AudioHeader.MaxChannels)
        {
            return new MediaFailure(
                MediaFailureCode.Undecodable,
                Invariant($"The header of the {file.Format.Name} file states {header.SampleRate:N0} Hz and {header.Channels:N0} channels. ")
                + Invariant($"This server reads {AudioHeader.MinSampleRate:N0} to {AudioHeader.MaxSampleRate:N0} Hz ")
                + Invariant($"and 1 to {AudioHeader.MaxChannels} channels. {Conversion}"));
        }

        return header.Frames <= 0
            ? new MediaFailure(MediaFailureCode.Undecodable, $"The {file.Format.Name} file contains no samples. Send a longer recording.")
            : null;
    }

    private MediaFailure Unknown(ReadOnlySpan<byte> bytes) => KnownFiles.Name(bytes) is { } name
        ? NotSound(name)
        : new MediaFailure(
            MediaFailureCode.UnsupportedType,
            $"The bytes are not an audio file of a known type. Send a recording; this server reads {Formats}.");

    private MediaFailure NotSound(string name) => new(
        MediaFailureCode.UnsupportedType,
        $"The bytes are {name}, which this server does not read as audio. Send a recording. {Conversion} This server reads {Formats}.");

    private MediaFailure Unsupported(string format, bool isNative) => new(
        MediaFailureCode.UnsupportedType,
        $"This server does not read {format}. {Conversion} This server reads {Formats}. "
        + $"The operator can install {(isNative ? "libsndfile and libsoxr, or ffmpeg," : "ffmpeg")} to add the format.");

    private static MediaFailure UnreadableHeader(AudioFile file) => new(
        MediaFailureCode.Undecodable,
        $"The header of the {file.Format.Name} file is broken or its encoding is unknown. {Conversion}");
}
