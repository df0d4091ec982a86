using Multimodal.Pipeline.Combiner;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Consumes the answers that combiners publish.</summary>
internal sealed class ResultConsumer(IResultChannel results, ResultRecorder recorder, CombinerOptions options)
{
    /// <summary>Starts recording answers, as many at once as one combiner processes.</summary>
    public Task ConnectAsync(CancellationToken cancellationToken) =>
        results.ServeAsync(options.Concurrency, recorder.RecordAsync, recorder.RecordShadowAsync, cancellationToken);
}
