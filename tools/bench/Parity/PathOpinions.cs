using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;

namespace Multimodal.Bench.Parity;

/// <summary>The experts of one medium, opened with one decoder path.</summary>
internal sealed class PathOpinions : IAsyncDisposable
{
    private readonly List<IExpert> _experts = [];

    /// <summary>Opens the experts of the path's medium.</summary>
    public static async Task<PathOpinions> OpenAsync(EnsemblePackage ensemble, DecoderPath path, CancellationToken cancellationToken)
    {
        var opinions = new PathOpinions();
        var loader = new ExpertLoader(TimeProvider.System, NullLoggerFactory.Instance);
        foreach (var package in ensemble.Experts.Select(expert => expert.Package).Where(package => package.Modality == path.Modality))
        {
            opinions._experts.Add(await loader.OpenAsync(package, new ExpertSettings { Media = path.Media }, cancellationToken));
        }

        return opinions;
    }

    /// <summary>The most probable label of each expert, by name; null if the expert declines.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> AskAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        var labels = new Dictionary<string, string?>(StringComparer.Ordinal);
        var content = new MediaContent(bytes);
        foreach (var expert in _experts)
        {
            var outcome = await expert.AnalyzeAsync(content, DateTimeOffset.MaxValue, cancellationToken);
            labels[expert.Package.Name] = outcome is ExpertOutcome.Answered answered
                ? expert.Package.Labels[answered.LogProbabilities.Index().MaxBy(label => label.Item).Index]
                : null;
        }

        return labels;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var expert in _experts)
        {
            await expert.DisposeAsync();
        }
    }
}
