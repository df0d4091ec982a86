namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>A result that is due to be posted, as read from the store.</summary>
internal sealed class DueDelivery
{
    /// <summary>Whose subscription it is.</summary>
    public required string Tenant { get; init; }

    /// <summary>The subscription.</summary>
    public required string Subscription { get; init; }

    /// <summary>The request's id as stored.</summary>
    public required string RequestIdText { get; init; }

    /// <summary>How often it was tried; with <see cref="DueAt"/> what a claim compares.</summary>
    public required long Tries { get; init; }

    /// <summary>When it was due, milliseconds since 1970.</summary>
    public required long DueAt { get; init; }

    /// <summary>Where to post it.</summary>
    public required string Url { get; init; }

    /// <summary>What to sign it with.</summary>
    public required string Secret { get; init; }

    /// <summary>The result as clients read it.</summary>
    public required string Result { get; init; }

    /// <summary>Whose result it is.</summary>
    public Guid RequestId => Guid.ParseExact(RequestIdText, "n");
}
