using System.Globalization;
using Multimodal.Bench.Fuzz.Findings;
using Multimodal.Bench.Fuzz.Targets;
using Multimodal.Bench.Services;

namespace Multimodal.Bench.Fuzz.Media;

/// <summary>Runs <see cref="MediaRun"/> in a child process, so that a crash of a native library is a finding and not the end of the run.</summary>
/// <param name="targets">Creates the inputs.</param>
/// <param name="tally">Counts the outcomes.</param>
/// <param name="folder">Folder of its files.</param>
/// <param name="time">The clock.</param>
internal sealed class MediaProcess(FuzzTargets targets, FuzzTally tally, string folder, TimeProvider time)
{
    private static readonly TimeSpan HangLimit = TimeSpan.FromSeconds(40);

    private readonly MediaWork _work = new(folder);

    /// <summary>Runs all inputs, and starts the process again after a crash.</summary>
    /// <returns>Heap and resident memory in MiB, early and at the end, then the peak.</returns>
    public async Task<double[]> RunAsync(int seed, int count, CancellationToken cancellationToken)
    {
        _work.Create();
        string[] command =
        [
            System.Reflection.Assembly.GetExecutingAssembly().Location, "fuzz-media", "--work", folder,
            "--seed", seed.ToString(CultureInfo.InvariantCulture), "--count", count.ToString(CultureInfo.InvariantCulture),
        ];
        while (true)
        {
            await using var child = ChildProcess.Start("dotnet", command, [], Path.Combine(folder, "output.log"));
            var isHung = await WaitAsync(child, cancellationToken);
            if (!isHung && child.ExitCode == 0)
            {
                break;
            }

            Report(isHung ? "does not end" : string.Create(CultureInfo.InvariantCulture, $"ends the process with code {child.ExitCode}"));
        }

        foreach (var result in _work.Read())
        {
            tally.Add(
                new FuzzInput(MediaRun.TargetOf(targets, result.Number), result.Number, Bytes(result)), result.Outcome, TimeSpan.FromMilliseconds(result.Ms), result.IsFinding);
        }

        return _work.ReadMemory();
    }

    // Only a finding is written to a file, so only its bytes are needed.
    private byte[] Bytes(MediaResult result) =>
        result.IsFinding || result.Ms > 5000 ? targets.Create(MediaRun.TargetOf(targets, result.Number), result.Number).Bytes : [];

    /// <summary>Waits for the exit. A process that works on an input for too long is killed.</summary>
    private async Task<bool> WaitAsync(ChildProcess child, CancellationToken cancellationToken)
    {
        var since = new Dictionary<int, long>();
        while (!child.HasExited)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
            var numbers = _work.InWork().Where(number => number >= 0).ToHashSet();
            foreach (var number in since.Keys.Where(number => !numbers.Contains(number)).ToArray())
            {
                since.Remove(number);
            }

            foreach (var number in numbers)
            {
                since.TryAdd(number, time.GetTimestamp());
                if (time.GetElapsedTime(since[number]) > HangLimit)
                {
                    await child.KillAsync();
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Records the inputs in work, one of which is the cause, so that the next process leaves them out.</summary>
    /// <exception cref="InvalidDataException">No input was in work, so the process does not work at all.</exception>
    private void Report(string what)
    {
        var done = _work.Read().Select(result => result.Number).ToHashSet();
        var suspects = _work.InWork().Where(number => number >= 0 && !done.Contains(number)).ToArray();
        if (suspects.Length == 0)
        {
            throw new InvalidDataException($"The process that decodes {what}; see {folder}/output.log.");
        }

        using var results = _work.Append();
        results.WriteLine();
        foreach (var number in suspects)
        {
            results.WriteLine(new MediaResult(number, 0, true, $"{what} (this input or another one in work)"));
        }
    }
}
