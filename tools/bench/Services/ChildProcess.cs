using System.Diagnostics;
using System.Runtime.InteropServices;
using Multimodal.Tool.Services;

namespace Multimodal.Bench.Services;

/// <summary>A child process with its output in a file, controlled by POSIX signals. Ends with this process.</summary>
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

    /// <summary>Signal numbers on Linux.</summary>
    internal enum Signal
    {
        /// <summary>Immediate shutdown of a database server, like a crash.</summary>
        Quit = 3,

        /// <summary>Kills the process.</summary>
        Kill = 9,

        /// <summary>Requests termination.</summary>
        Terminate = 15,

        /// <summary>Resumes after <see cref="Stop"/>.</summary>
        Continue = 18,

        /// <summary>Freezes the process.</summary>
        Stop = 19,
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether the process has exited.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The exit code, after the exit.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a program.</summary>
    /// <param name="program">File name.</param>
    /// <param name="arguments">Unquoted arguments.</param>
    /// <param name="environment">Variables added to this process's own.</param>
    /// <param name="logFile">File to append the output to.</param>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, string logFile)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            // Keeps the standard input open, because a broker exits when it closes.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        return new ChildProcess(TiedProcess.Start(start), log);
    }

    /// <summary>Sends a signal; does nothing if the process has exited.</summary>
    public void Send(Signal signal)
    {
        if (!_process.HasExited)
        {
            _ = SendSignal(_process.Id, (int)signal);
        }
    }

    /// <summary>Waits for the exit.</summary>
    /// <exception cref="TimeoutException">The process did not exit in time.</exception>
    public Task ExitAsync(TimeSpan timeout, TimeProvider time) => _process.WaitForExitAsync().WaitAsync(timeout, time);

    /// <summary>Kills the process and waits for its exit.</summary>
    public async Task KillAsync()
    {
        Send(Signal.Kill);
        await _process.WaitForExitAsync();
    }

    /// <summary>Requests termination, and kills the process after the timeout.</summary>
    /// <returns>Whether the process exited by itself.</returns>
    public async Task<bool> StopAsync(TimeSpan timeout, TimeProvider time)
    {
        Send(Signal.Terminate);
        try
        {
            await _process.WaitForExitAsync().WaitAsync(timeout, time);
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
                // Output of a killed process can arrive after the log is closed.
            }
        }
    }
}
