namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>A result that is due to be posted, as read from the store.</summary>
internal sealed class DueDelivery
{
    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The subscription.</summary>
    public required string Subscription { get; init; }

    /// <summary>The request's id as stored.</summary>
    public required string RequestIdText { get; init; }

    /// <summary>Number of attempts so far. A claim compares it and <see cref="DueAt"/>.</summary>
    public required long Tries { get; init; }

    /// <summary>When it was due, in milliseconds since 1970.</summary>
    public required long DueAt { get; init; }

    /// <summary>The address to post to.</summary>
    public required string Url { get; init; }

    /// <summary>The secret that signs the post, as stored.</summary>
    public required string Secret { get; init; }

    /// <summary>The result as clients read it.</summary>
    public required string Result { get; init; }

    /// <summary>The request's id.</summary>
    public Guid RequestId => Guid.ParseExact(RequestIdText, "n");
}
