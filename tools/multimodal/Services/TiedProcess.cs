using System.Collections.Concurrent;
using System.Diagnostics;

namespace Multimodal.Tool.Services;

/// <summary>
/// Starts child processes that end with this process. On Linux the kernel sends them SIGKILL when this process dies, also after a SIGKILL of this
/// process. Elsewhere they are plain child processes.
/// </summary>
internal static class TiedProcess
{
    private const string Setpriv = "/usr/bin/setpriv";

    // The kernel signals the child when the thread that started it ends. Threads of the pool end when they are idle; this one does not end.
    private static readonly Lazy<BlockingCollection<Action>> Starts = new(RunStarter);

    /// <summary>Arguments that tie a program to this process, for a caller that runs setpriv itself.</summary>
    public const string Argument = "--pdeathsig=KILL";

    /// <summary>Starts a program.</summary>
    /// <exception cref="InvalidOperationException">The program did not start.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(Setpriv))
        {
            return StartNow(start);
        }

        string[] arguments = [Argument, "--", start.FileName, .. start.ArgumentList];
        start.FileName = Setpriv;
        start.ArgumentList.Clear();
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Value.Add(() => Complete(started, start));
        return started.Task.GetAwaiter().GetResult();
    }

    private static void Complete(TaskCompletionSource<Process> started, ProcessStartInfo start)
    {
        try
        {
            started.SetResult(StartNow(start));
        }
#pragma warning disable CA1031 // The caller's thread rethrows it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            started.SetException(exception);
        }
    }

    private static Process StartNow(ProcessStartInfo start) =>
        Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");

    private static BlockingCollection<Action> RunStarter()
    {
        var starts = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            foreach (var action in starts.GetConsumingEnumerable())
            {
                action();
            }
        })
        {
            IsBackground = true,
            Name = "child process starter",
        };
        thread.Start();
        return starts;
    }
}
