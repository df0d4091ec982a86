using Multimodal.Pipeline.Combiner;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Consumes finished answers.</summary>
internal sealed class ResultConsumer(IResultChannel results, ResultRecorder recorder, CombinerOptions options)
{
    /// <summary>Starts to record answers, as many at once as one combiner finishes.</summary>
    public Task ConnectAsync(CancellationToken cancellationToken) =>
        results.ServeAsync(options.Concurrency, recorder.RecordAsync, recorder.RecordShadowAsync, cancellationToken);
}
