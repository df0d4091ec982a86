using System.Diagnostics;
using System.Globalization;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Audio.Backends.Ffmpeg;

/// <summary>
/// Decodes formats without a library by an ffmpeg process. The process gets the file on its standard input and returns samples on its
/// standard output. It opens no other file and no connection, and no shell takes part. Time, memory, threads and output are limited.
/// </summary>
internal sealed class FfmpegDecoder
{
    // What phones, browsers and the containers above record. Without the list, ffmpeg tries several hundred decoders.
    private const string Codecs =
        "aac,aac_latm,alac,amrnb,amrwb,libopencore_amrnb,libopencore_amrwb,flac,mp2,mp2float,mp3,mp3float,opus,libopus,vorbis,libvorbis,"
        + "speex,libspeex,ac3,eac3,gsm,gsm_ms,qdm2,mace3,mace6,adpcm_ima_qt,adpcm_ima_wav,adpcm_ms,g723_1,g726,truespeech,"
        + "pcm_s8,pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,"
        + "pcm_alaw,pcm_mulaw";

    private readonly string _program;
    private readonly MediaOptions _limits;

    private FfmpegDecoder(string program, MediaOptions limits) => (_program, _limits) = (program, limits);

    /// <summary>Finds the program that the options name.</summary>
    /// <returns>Null if it is switched off or not installed.</returns>
    public static FfmpegDecoder? Find(MediaOptions limits) =>
        string.Equals(limits.Ffmpeg, MediaOptions.NoFfmpeg, StringComparison.OrdinalIgnoreCase) ? null
        : InstalledPrograms.Find(limits.Ffmpeg) is { } program ? new FfmpegDecoder(program, limits)
        : null;

    /// <summary>Starts a process that decodes a file, as soon as fewer than the maximum number of processes run.</summary>
    /// <param name="file">The file. It must not move until the reader is disposed.</param>
    /// <param name="demuxer">The name of ffmpeg's reader of the container.</param>
    /// <returns>Null if the maximum number of processes runs for longer than a process may take.</returns>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public FfmpegReader? Start(ReadOnlyMemory<byte> file, string demuxer)
    {
        var (places, limit) = (FfmpegPlaces.For(_limits), TimeSpan.FromSeconds(_limits.FfmpegSeconds));
        if (!places.Wait(limit))
        {
            return null;
        }

        try
        {
            return new FfmpegReader(StartInfo(demuxer), file, limit, () => places.Release());
        }
        catch
        {
            places.Release();
            throw;
        }
    }

    private ProcessStartInfo StartInfo(string demuxer)
    {
        List<string> command = [.. Limiters(), _program, .. Arguments(demuxer)];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        // The settings and secrets of the service are not for the process. Windows needs its own folder.
        var system = start.Environment.TryGetValue("SystemRoot", out var folder) ? folder : null;
        start.Environment.Clear();
        if (system is not null)
        {
            start.Environment["SystemRoot"] = system;
        }

        return start;
    }

    /// <summary>
    /// The programs of util-linux that limit a process, where they are installed. The kernel kills ffmpeg with the service and at the limit
    /// of processor time, refuses memory above the limit, and lets it write no file.
    /// </summary>
    private IEnumerable<string> Limiters()
    {
        if (OperatingSystem.IsLinux() && InstalledPrograms.Find("setpriv") is { } setpriv && InstalledPrograms.Find("prlimit") is { } prlimit)
        {
            var bytes = (long)_limits.FfmpegMegabytes << 20;
            return
            [
                setpriv, "--pdeathsig", "KILL", "--no-new-privs",
                prlimit, Invariant($"--as={bytes}"), Invariant($"--cpu={_limits.FfmpegSeconds + 1}"), "--fsize=0", "--core=0",
            ];
        }

        return [];
    }

    private IEnumerable<string> Arguments(string demuxer) =>
    [
        "-nostdin", "-hide_banner", "-loglevel", "quiet",
        // The largest single allocation; it also holds where no program limits the process.
        "-max_alloc", Invariant($"{(long)_limits.FfmpegMegabytes << 19}"),
        "-protocol_whitelist", "pipe", "-codec_whitelist", Codecs,
        "-threads", "1", "-f", demuxer, "-i", "pipe:0",
        "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1",
        // One second more than allowed, so that a longer recording is refused and not shortened.
        "-t", Invariant($"{_limits.AudioSeconds + 1}"),
        "-threads", "1", "-c:a", "pcm_f32le", "-fflags", "+bitexact", "-f", "wav", "pipe:1",
    ];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
