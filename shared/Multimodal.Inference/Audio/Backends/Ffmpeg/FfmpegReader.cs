using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Multimodal.Inference.Audio.Backends.Ffmpeg;

/// <summary>Reads the samples that an ffmpeg process decodes. Disposing kills the process.</summary>
internal sealed class FfmpegReader : IAudioReader
{
    // RIFF, and chunks before the samples: the format in its extensible form, and the number of samples.
    private const int MaxHeader = 256;

    // .NET reports a process that a signal ended by this number plus that of the signal.
    private const int SignalExit = 128;

    private readonly Process _process;
    private readonly Stream _output;
    private readonly Thread _feeder;
    private readonly ITimer _timer;
    private readonly Action _onEnd;
    private volatile bool _isLate;
    private bool _isDisposed;

    /// <summary>Starts the process.</summary>
    /// <param name="start">The program and its arguments.</param>
    /// <param name="file">What it reads. It must not move until this reader is disposed.</param>
    /// <param name="limit">The time after which the process is killed.</param>
    /// <param name="onEnd">Called once, when the process has ended.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public FfmpegReader(ProcessStartInfo start, ReadOnlyMemory<byte> file, TimeSpan limit, Action onEnd)
    {
        _onEnd = onEnd;
        _process = Process.Start(start)!;
        _timer = TimeProvider.System.CreateTimer(_ => Stop(isLate: true), null, limit, Timeout.InfiniteTimeSpan);
        // Messages are dropped, because they can repeat what is in the file. Reading them keeps the process from waiting.
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        _output = _process.StandardOutput.BaseStream;
        // A pipe holds less than a file, so writing must not wait for reading.
        _feeder = new Thread(() => Feed(file)) { IsBackground = true, Name = "ffmpeg input" };
        _feeder.Start();
        Header = ReadHeader();
    }

    /// <summary>What the process reports; no sample rate and no channels if it cannot decode the file.</summary>
    public AudioHeader Header { get; }

    /// <summary>
    /// Whether the process was killed at a limit, so that the samples may be a part of the recording only. Call it after the last sample.
    /// </summary>
    public bool IsKilled
    {
        get
        {
            // The output has ended, so the process is about to exit. The timer bounds the wait.
            _process.WaitForExit();
            return _isLate || (!OperatingSystem.IsWindows() && _process.ExitCode > SignalExit);
        }
    }

    public int ReadFrames(Span<float> interleaved)
    {
        var frameBytes = sizeof(float) * Header.Channels;
        var bytes = MemoryMarshal.AsBytes(interleaved[..(interleaved.Length / Header.Channels * Header.Channels)]);
        return ReadFully(bytes) / frameBytes;
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        Stop(isLate: false);
        // The caller may move the file afterwards, so the feeder must have ended. It ends because the pipe is broken.
        _feeder.Join();
        _timer.Dispose();
        _process.WaitForExit();
        _process.Dispose();
        _onEnd();
    }

    private void Stop(bool isLate)
    {
        try
        {
            if (!_process.HasExited)
            {
                _isLate |= isLate;
                _process.Kill(entireProcessTree: true);
            }
        }
        catch (InvalidOperationException)
        {
            // It has exited in the meantime.
        }
    }

    private void Feed(ReadOnlyMemory<byte> file)
    {
        try
        {
            using var input = _process.StandardInput.BaseStream;
            input.Write(file.Span);
        }
        catch (IOException)
        {
            // The process has seen enough, or was killed.
        }
    }

    /// <summary>Reads the chunks before the samples.</summary>
    private AudioHeader ReadHeader()
    {
        var header = default(AudioHeader);
        Span<byte> chunk = stackalloc byte[MaxHeader];
        if (ReadFully(chunk[..12]) < 12 || !chunk.StartsWith("RIFF"u8))
        {
            return default;
        }

        while (ReadFully(chunk[..8]) == 8 && !chunk.StartsWith("data"u8))
        {
            var (isFormat, length) = (chunk.StartsWith("fmt "u8), BinaryPrimitives.ReadInt32LittleEndian(chunk[4..]));
            if (length is < 0 or > MaxHeader || ReadFully(chunk[..length]) < length)
            {
                return default;
            }

            if (isFormat)
            {
                int channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
                header = new AudioHeader(BinaryPrimitives.ReadInt32LittleEndian(chunk[4..]), channels, null);
            }
        }

        return header;
    }

    private int ReadFully(Span<byte> bytes)
    {
        try
        {
            return _output.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
