using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Bench.PathBench;
using Multimodal.Bench.Profile;
using Multimodal.Inference.Batching;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Sessions;

namespace Multimodal.Bench.BatchingBench;

/// <summary>Measures an expert, and a bare program that runs the same model once per item with as many threads.</summary>
/// <param name="package">The expert.</param>
/// <param name="texts">The items, in turn.</param>
/// <param name="time">The clock.</param>
internal sealed class BatchingMeter(ExpertPackage package, byte[][] texts, TimeProvider time) : IAsyncDisposable
{
    private readonly List<IExpert> _experts = [];
    private readonly BareModel _bare = new(package, new ExecutionOptions { IntraOpThreads = Environment.ProcessorCount });
    private int _next;

    /// <summary>Loads the expert.</summary>
    /// <param name="runs">Number of batches that run concurrently. They share the cores.</param>
    /// <param name="cancellationToken">Cancels before the model is loaded.</param>
    /// <returns>Its number for <see cref="ExpertAsync"/>.</returns>
    public async Task<int> OpenAsync(int runs, CancellationToken cancellationToken)
    {
        var settings = new ExpertSettings
        {
            Execution = new ExecutionOptions { Provider = ExecutionProvider.Cpu, IntraOpThreads = Math.Max(1, Environment.ProcessorCount / runs) },
            Batching = new BatchingOptions { Concurrency = runs },
        };
        _experts.Add(await new ExpertLoader(time, NullLoggerFactory.Instance).OpenAsync(package, settings, cancellationToken));
        return _experts.Count - 1;
    }

    /// <summary>One run per item, each on the thread of its client.</summary>
    public Task<BatchingFigures> BareAsync(int clients, TimeSpan duration) => MeasureAsync(clients, duration, text => Task.Run(() =>
    {
        _ = RunBare(text);
        return 1;
    }));

    /// <summary>The expert.</summary>
    public Task<BatchingFigures> ExpertAsync(int expert, int clients, TimeSpan duration) => MeasureAsync(clients, duration, async text =>
        (await AnalyzeAsync(expert, text)).Timings.BatchSize);

    /// <summary>One client that asks both in turns, so that disturbances of the machine affect both.</summary>
    public Task<(LoopFigures Bare, LoopFigures Expert)> AlternateAsync(int expert, TimeSpan duration) => ClosedLoop.AlternateAsync(
        duration, () => Task.Run(() => RunBare(NextText())), () => AnalyzeAsync(expert, NextText()), time);

    /// <summary>The largest difference between a logit of the bare program and of the expert, after the softmax.</summary>
    public async Task<double> CompareAsync(int expert)
    {
        var answers = await Task.WhenAll(texts.Select(text => AnalyzeAsync(expert, text)));
        return texts.Zip(answers).Max(pair =>
        {
            var logits = RunBare(pair.First);
            var sum = Math.Log(logits.Sum(Math.Exp));
            return logits.Zip(pair.Second.LogProbabilities, (logit, probability) => Math.Abs(logit - sum - probability)).Max();
        });
    }

    public async ValueTask DisposeAsync()
    {
        _bare.Dispose();
        foreach (var expert in _experts)
        {
            await expert.DisposeAsync();
        }
    }

    private byte[] NextText() => texts[(uint)Interlocked.Increment(ref _next) % texts.Length];

    private double[] RunBare(byte[] text)
    {
        var scores = new double[package.Labels.Count];
        _bare.Run(text, [], scores);
        return scores;
    }

    private async Task<ExpertOutcome.Answered> AnalyzeAsync(int expert, byte[] text)
    {
        var outcome = await _experts[expert].AnalyzeAsync(new MediaContent(text), time.GetUtcNow() + TimeSpan.FromMinutes(1), CancellationToken.None);
        return outcome as ExpertOutcome.Answered ?? throw new InvalidOperationException($"The expert declined a text: {outcome}.");
    }

    private async Task<BatchingFigures> MeasureAsync(int clients, TimeSpan duration, Func<byte[], Task<int>> ask)
    {
        var sizes = new ConcurrentDictionary<int, int>();
        var before = Environment.CpuUsage.TotalTime;
        var loop = await ClosedLoop.RunAsync(
            clients,
            duration,
            async () => sizes.AddOrUpdate(await ask(NextText()), 1, static (_, count) => count + 1),
            time);
        return new BatchingFigures(loop, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / loop.Milliseconds.Count, sizes);
    }
}
