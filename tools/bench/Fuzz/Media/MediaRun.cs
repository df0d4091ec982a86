using System.Diagnostics;
using Multimodal.Bench.Fuzz.Gateway;
using Multimodal.Bench.Fuzz.Targets;

namespace Multimodal.Bench.Fuzz.Media;

/// <summary>Decodes inputs in this process.</summary>
/// <param name="targets">Creates the inputs.</param>
/// <param name="check">Decodes them.</param>
/// <param name="time">The clock.</param>
internal sealed class MediaRun(FuzzTargets targets, MediaCheck check, TimeProvider time)
{
    /// <summary>The target of an input, by its number.</summary>
    public static string TargetOf(FuzzTargets targets, int number) => targets.Media[number % targets.Media.Count];

    /// <summary>Decodes the inputs without a result.</summary>
    /// <param name="work">The files to report to.</param>
    /// <param name="count">The number of inputs.</param>
    public void Run(MediaWork work, int count)
    {
        var done = work.Read().Select(result => result.Number).ToHashSet();
        var left = new Queue<int>(Enumerable.Range(0, count).Where(number => !done.Contains(number)));
        var warmUp = left.Count / 2;
        double[]? baseline = null;
        using var results = work.Append();
        using var state = work.OpenState();
        var workers = Enumerable.Range(0, MediaWork.Workers).Select(worker => new Thread(() =>
        {
            using var view = state.CreateViewAccessor(worker * sizeof(int), sizeof(int));
            while (true)
            {
                int number;
                lock (left)
                {
                    if (left.Count <= warmUp && baseline is null)
                    {
                        baseline = Memory();
                    }

                    if (!left.TryDequeue(out number))
                    {
                        view.Write(0, 0);
                        return;
                    }
                }

                view.Write(0, number + 1);
                var result = RunOne(targets.Create(TargetOf(targets, number), number));
                lock (results)
                {
                    results.WriteLine(result);
                }
            }
        })).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        using var self = Process.GetCurrentProcess();
        work.WriteMemory([.. baseline ?? Memory(), .. Memory(), ProcessFile.Kilobytes(self.Id, "VmHWM") / 1024]);
    }

    /// <summary>Decodes one input.</summary>
    public MediaResult RunOne(FuzzInput input)
    {
        var start = time.GetTimestamp();
        try
        {
            var outcome = check.Run(targets.ModalityOf(input.Target), input.Bytes, input.Number);
            return new MediaResult(input.Number, time.GetElapsedTime(start).TotalMilliseconds, false, outcome);
        }
        catch (Exception exception)
        {
            var trace = new StackTrace(exception);
            var own = trace.GetFrames().Select(frame => frame.GetMethod()).FirstOrDefault(method => method?.DeclaringType?.Namespace?.StartsWith("Multimodal", StringComparison.Ordinal) == true);
            return new MediaResult(
                input.Number,
                time.GetElapsedTime(start).TotalMilliseconds,
                true,
                $"{exception.GetType().Name} in {own?.DeclaringType?.Name}.{own?.Name}: {exception.Message}".ReplaceLineEndings(" ").Replace('\t', ' '));
        }
    }

    private static double[] Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return [GC.GetTotalMemory(forceFullCollection: true) / (double)(1 << 20), ProcessFile.Kilobytes(Environment.ProcessId, "VmRSS") / 1024];
    }
}
