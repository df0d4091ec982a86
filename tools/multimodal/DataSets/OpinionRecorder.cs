using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Features;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Data;
using Multimodal.Tool.Common;

namespace Multimodal.Tool.DataSets;

/// <summary>The loaded experts of an ensemble, to run over rows of a data set. Thread-safe once opened.</summary>
internal sealed class OpinionRecorder : IAsyncDisposable
{
    private readonly List<(EnsembleExpert Member, IExpert Expert)> _experts = [];
    private readonly MediaOptions _limits;

    private OpinionRecorder(MediaOptions limits) => _limits = limits;

    /// <summary>Loads every expert of an ensemble.</summary>
    public static async Task<OpinionRecorder> OpenAsync(EnsemblePackage ensemble, MediaOptions limits, CancellationToken cancellationToken)
    {
        var recorder = new OpinionRecorder(limits);
        var loader = new ExpertLoader(TimeProvider.System, NullLoggerFactory.Instance);
        try
        {
            foreach (var member in ensemble.Experts)
            {
                recorder._experts.Add(
                    (member, await loader.OpenAsync(member.Package, new ExpertSettings { Media = limits }, cancellationToken)));
            }

            return recorder;
        }
        catch
        {
            await recorder.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns the header for rows recorded from an ensemble.</summary>
    public static RecordedHeader HeaderOf(EnsemblePackage ensemble) => new(
        ensemble.Name,
        ensemble.Labels,
        [.. ensemble.Experts.Select(e => new RecordedExpert(e.Package.Name, Shared.Name(e.Package.Modality)))],
        RequestFeatures.Names,
        [.. RequestFeatures.Blocks.Select(b => new ModalityBlock(Shared.Name(b.Modality), b.Offset, b.Length))]);

    /// <summary>Runs every expert whose medium a row contains.</summary>
    /// <param name="row">The row.</param>
    /// <param name="folder">Base folder of its paths.</param>
    /// <param name="cancellationToken">Cancels the recording.</param>
    /// <exception cref="InvalidDataException">A part is unusable.</exception>
    public async Task<RecordedRow> RecordAsync(DataSetRow row, string folder, CancellationToken cancellationToken)
    {
        var parts = await row.PartsAsync(folder, cancellationToken);
        var features = new float[RequestFeatures.Names.Count];
        if (!RequestFeatures.TryCompute(parts, _limits, features, out var refused))
        {
            throw new InvalidDataException($"Row {row.Id}: the {Shared.Name(refused.Modality)} part is unusable: {refused.Failure.Detail}");
        }

        var outcomes = await Task.WhenAll(_experts
            .Where(e => parts.ContainsKey(e.Expert.Package.Modality))
            .Select(async e => (
                e.Member,
                Outcome: await e.Expert.AnalyzeAsync(parts[e.Expert.Package.Modality], DateTimeOffset.MaxValue, cancellationToken))));
        return new RecordedRow(
            row.Id,
            row.Label,
            row.Conflict,
            features,
            outcomes.Where(o => o.Outcome is ExpertOutcome.Answered)
                .ToDictionary(o => o.Member.Package.Name, o => o.Member.Reorder(((ExpertOutcome.Answered)o.Outcome).LogProbabilities)),
            outcomes.Where(o => o.Outcome is ExpertOutcome.Declined)
                .ToDictionary(o => o.Member.Package.Name, o => ((ExpertOutcome.Declined)o.Outcome).Detail));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, expert) in _experts)
        {
            await expert.DisposeAsync();
        }
    }
}
