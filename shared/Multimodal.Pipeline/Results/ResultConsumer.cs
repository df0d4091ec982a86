using MassTransit;
using Multimodal.Contracts.Events;

namespace Multimodal.Pipeline.Results;

/// <summary>Reads finished answers and records them; acknowledged only when recorded.</summary>
internal sealed class ResultConsumer(ResultRecorder recorder) : IConsumer<AnswerCombined>
{
    public Task Consume(ConsumeContext<AnswerCombined> context) => recorder.RecordAsync(context.Message);
}
