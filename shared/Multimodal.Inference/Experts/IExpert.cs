using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;

namespace Multimodal.Inference.Experts;

/// <summary>A loaded expert. It decodes, preprocesses and batches media, runs the model and calibrates its output.</summary>
public interface IExpert : IAsyncDisposable
{
    /// <summary>The content of its <c>expert.json</c>.</summary>
    ExpertPackage Package { get; }

    /// <summary>The device that runs the model, for example <c>cpu</c> or <c>cuda:0</c>.</summary>
    string Device { get; }

    /// <summary>Number of items accepted and not yet completed.</summary>
    int Backlog { get; }

    /// <summary>Analyzes one part. Bad input, overload and a failing model are reported as <see cref="ExpertOutcome.Declined"/>.</summary>
    /// <param name="media">The part.</param>
    /// <param name="deadline">An item that still waits at this time is declined as expired.</param>
    /// <param name="cancellationToken">Removes the item if it still waits.</param>
    /// <exception cref="OperationCanceledException">The item was removed.</exception>
    Task<ExpertOutcome> AnalyzeAsync(MediaContent media, DateTimeOffset deadline, CancellationToken cancellationToken);
}
