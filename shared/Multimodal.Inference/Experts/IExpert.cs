using Multimodal.Inference.Packages;

namespace Multimodal.Inference.Experts;

/// <summary>A loaded expert: decode, preprocess, batch, run, calibrate. The seam between the pipeline and ONNX Runtime.</summary>
public interface IExpert : IAsyncDisposable
{
    /// <summary>What its <c>expert.json</c> says.</summary>
    ExpertPackage Package { get; }

    /// <summary>The device that runs it, for example <c>cpu</c> or <c>cuda:0</c>.</summary>
    string Device { get; }

    /// <summary>Items accepted and not yet answered.</summary>
    int Backlog { get; }

    /// <summary>Judges one part. Never throws for what the input causes: that is <see cref="ExpertOutcome.Declined"/>.</summary>
    /// <param name="media">The part's bytes; must not change until the task ends.</param>
    /// <param name="deadline">After this moment the item is dropped before computing, if it still waits.</param>
    /// <param name="cancellationToken">Drops the item, if it still waits.</param>
    Task<ExpertOutcome> AnalyzeAsync(ReadOnlyMemory<byte> media, DateTimeOffset deadline, CancellationToken cancellationToken);
}
