using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Multimodal.Bench.Services;

/// <summary>A process that this one started and ends: its output goes to a file, its signals are real.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StreamWriter _log;

    private ChildProcess(Process process, StreamWriter log)
    {
        (_process, _log) = (process, log);
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>A signal's number on Linux.</summary>
    internal enum Signal
    {
        /// <summary>Ends a database server as a crash would.</summary>
        Quit = 3,

        /// <summary>Ends the process at once.</summary>
        Kill = 9,

        /// <summary>Asks it to end.</summary>
        Terminate = 15,

        /// <summary>Lets it go on after <see cref="Stop"/>.</summary>
        Continue = 18,

        /// <summary>Freezes it.</summary>
        Stop = 19,
    }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a program.</summary>
    /// <param name="program">File name.</param>
    /// <param name="arguments">Arguments, unquoted.</param>
    /// <param name="environment">Added to this process's own.</param>
    /// <param name="logFile">Output is appended here.</param>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, string logFile)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            // The standard input stays open as long as this process lives: a broker ends with it.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        return new ChildProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."), log);
    }

    /// <summary>Sends a signal; nothing happens when the process has ended.</summary>
    public void Send(Signal signal)
    {
        if (!_process.HasExited)
        {
            _ = SendSignal(_process.Id, (int)signal);
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public Task ExitAsync(TimeSpan patience, TimeProvider time) => _process.WaitForExitAsync().WaitAsync(patience, time);

    /// <summary>Ends it at once.</summary>
    public async Task KillAsync()
    {
        Send(Signal.Kill);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, and ends it when it has not within the time.</summary>
    /// <returns>Whether it ended by itself.</returns>
    public async Task<bool> StopAsync(TimeSpan patience, TimeProvider time)
    {
        Send(Signal.Terminate);
        try
        {
            await _process.WaitForExitAsync().WaitAsync(patience, time);
            return true;
        }
        catch (TimeoutException)
        {
            await KillAsync();
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Send(Signal.Continue);
        await KillAsync();
        _process.Dispose();
        lock (_log)
        {
            _log.Dispose();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);

    private void Write(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            try
            {
                _log.WriteLine(line);
            }
            catch (ObjectDisposedException)
            {
                // The last lines of a killed process.
            }
        }
    }
}
