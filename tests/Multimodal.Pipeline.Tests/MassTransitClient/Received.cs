using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Tests.MassTransitClient;

/// <summary>A received message.</summary>
internal sealed record Received(object Message, Guid? MessageId, Guid? CorrelationId)
{
    public FusedAnswer Answer => Assert.IsType<FusedAnswer>(Message);

    public RequestRefused Refusal => Assert.IsType<RequestRefused>(Message);
}
