using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Batching;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Sessions;
using Multimodal.Inference.Telemetry;

namespace Multimodal.Inference.Experts;

/// <summary>An expert that runs its model with ONNX Runtime.</summary>
internal sealed class OnnxExpert : IExpert, IBatchProcessor<ExpertItem, ExpertOutcome>
{
    private static readonly StageTimings NoTimings = new(0, 0, 0, 1);

    private readonly IPreprocessor _preprocessor;
    private readonly OnnxSession _session;
    private readonly BatchProfile _profile;
    private readonly Activation _activation;
    private readonly DynamicBatcher<ExpertItem, ExpertOutcome> _batcher;
    private readonly ILogger _logger;

    /// <summary>Creates an expert, which disposes the sessions of the model.</summary>
    public OnnxExpert(
        ExpertPackage package,
        IPreprocessor preprocessor,
        LoadedModel model,
        BatchingOptions batching,
        TimeProvider time,
        ILogger<OnnxExpert> logger)
    {
        (Package, _preprocessor, _logger) = (package, preprocessor, logger);
        (_session, Device, _profile) = model;
        _activation = LogProbabilities.ByName[package.Activation];
        _batcher = new DynamicBatcher<ExpertItem, ExpertOutcome>(this, batching, time);
    }

    /// <inheritdoc/>
    public ExpertPackage Package { get; }

    /// <inheritdoc/>
    public string Device { get; }

    /// <inheritdoc/>
    public int Backlog => _batcher.Backlog;

    /// <inheritdoc/>
    public async Task<ExpertOutcome> AnalyzeAsync(MediaContent media, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        var item = new ExpertItem(media);
        try
        {
            var outcome = await _batcher.SubmitAsync(item, media.Bytes.Length, deadline, cancellationToken).ConfigureAwait(false);
            return Finish(outcome);
        }
        catch (OperationCanceledException)
        {
            InferenceMetrics.Record(Package.Name, "cancelled", null);
            throw;
        }
        finally
        {
            item.Free();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (await _batcher.StopAsync().ConfigureAwait(false))
        {
            await _batcher.DisposeAsync().ConfigureAwait(false);
            _session.Dispose();
        }
        else
        {
            Log.BatchDidNotStop(_logger, Package.Name);
        }
    }

    BatchProfile IBatchProcessor<ExpertItem, ExpertOutcome>.Profile(int bucket) => _profile;

    bool IBatchProcessor<ExpertItem, ExpertOutcome>.TryPrepare(ExpertItem item, [NotNullWhen(false)] out ExpertOutcome? refusal)
    {
        if (_preprocessor.TryPrepare(item.Media, item.Rent(_session.Row.ByteLength), out var failure))
        {
            refusal = null;
            return true;
        }

        var reason = failure.Code switch
        {
            MediaFailureCode.Empty => DeclineReason.Empty,
            MediaFailureCode.Overloaded => DeclineReason.Overloaded,
            _ => DeclineReason.BadInput,
        };
        refusal = new ExpertOutcome.Declined(reason, failure.Detail);
        return false;
    }

    ValueTask<IReadOnlyList<ExpertOutcome>> IBatchProcessor<ExpertItem, ExpertOutcome>.RunAsync(
        IReadOnlyList<ExpertItem> items, CancellationToken cancellationToken)
    {
        var outcomes = new ExpertOutcome[items.Count];
        _session.Run(
            items.Count,
            (index, row) => items[index].Row.CopyTo(row),
            (index, output) => outcomes[index] = Read(output),
            cancellationToken);
        return ValueTask.FromResult<IReadOnlyList<ExpertOutcome>>(outcomes);
    }

    private ExpertOutcome Read(ReadOnlySpan<float> output)
    {
        var logProbabilities = new double[output.Length];
        if (LogProbabilities.TryCompute(output, _activation, Package.Temperature, logProbabilities))
        {
            return new ExpertOutcome.Answered(logProbabilities, NoTimings);
        }

        Log.InvalidOutput(_logger, Package.Name);
        return new ExpertOutcome.Declined(
            DeclineReason.ModelFailed, "The model returned values for this input that are not finite or not probabilities.");
    }

    private ExpertOutcome Finish(BatchOutcome<ExpertOutcome> outcome)
    {
        var timings = (outcome as BatchOutcome<ExpertOutcome>.Completed)?.Timings;
        var result = outcome switch
        {
            BatchOutcome<ExpertOutcome>.Completed { Result: ExpertOutcome.Answered answered, Timings: { } spent } => answered with
            {
                Timings = new StageTimings(
                    spent.Queue.TotalMilliseconds, spent.Prepare.TotalMilliseconds, spent.Run.TotalMilliseconds, spent.BatchSize),
            },
            BatchOutcome<ExpertOutcome>.Completed completed => completed.Result,
            BatchOutcome<ExpertOutcome>.Refused refused => Decline(refused),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType()}. This is a bug."),
        };
        var name = result is ExpertOutcome.Declined declined
            ? JsonNamingPolicy.KebabCaseLower.ConvertName(declined.Reason.ToString())
            : "answered";
        InferenceMetrics.Record(Package.Name, name, timings);
        return result;
    }

    private ExpertOutcome.Declined Decline(BatchOutcome<ExpertOutcome>.Refused refused)
    {
        switch (refused.Reason)
        {
            case BatchRefusal.Overloaded:
                return new ExpertOutcome.Declined(DeclineReason.Overloaded, "The queue of the expert is full. Retry later.");
            case BatchRefusal.Expired:
                return new ExpertOutcome.Declined(DeclineReason.Expired, "The deadline passed before the expert started on the input.");
            case BatchRefusal.Stopping:
                return new ExpertOutcome.Declined(DeclineReason.Overloaded, "The expert is stopping. Retry with another worker.");
            default:
                if (DeviceMemory.IsExhausted(refused.Cause!))
                {
                    Log.OutOfMemory(_logger, refused.Cause!, Package.Name, Device);
                    return new ExpertOutcome.Declined(DeclineReason.OutOfMemory, $"The device {Device} has no memory left for this input.");
                }

                Log.ItemFailed(_logger, refused.Cause, Package.Name);
                return new ExpertOutcome.Declined(
                    DeclineReason.ModelFailed, "The preprocessing or the model of the expert failed on this input.");
        }
    }
}
