using System.Text.Json;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Versions;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>One row of the request store.</summary>
internal sealed class StoredRequest
{
    /// <summary>The request's id.</summary>
    public Guid Id => Guid.ParseExact(IdText, "n");

    /// <summary>The id as stored.</summary>
    public required string IdText { get; init; }

    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The ensemble that answers.</summary>
    public required string Ensemble { get; init; }

    /// <summary>Digest of parts and options. Distinguishes a repeat from a different request with the same idempotency key.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The message to the combiner, as JSON.</summary>
    public required string FuseJson { get; init; }

    /// <summary>Milliseconds from acceptance to the client's deadline.</summary>
    public required long TimeoutMs { get; init; }

    /// <summary>The current deadline, in milliseconds since 1970. A resend moves it.</summary>
    public required long Deadline { get; init; }

    /// <summary>Number of times it was sent; 0 for a request that was answered from the cache.</summary>
    public required long Sends { get; init; }

    /// <summary>Whether it was answered from the cache.</summary>
    public bool IsCached => Sends == 0;

    /// <summary>The answer as clients read it; null until recorded, then constant.</summary>
    public string? Result { get; init; }

    /// <summary>
    /// The message to the combiner, with the current deadline. From the third attempt on it asks for an answer that every version reads, because a gateway
    /// of an older version may have received the earlier answers.
    /// </summary>
    public Fuse Fuse => JsonSerializer.Deserialize<Fuse>(FuseJson, JsonFormat.Messages)! with
    {
        Deadline = DateTimeOffset.FromUnixTimeMilliseconds(Deadline),
        MessageVersion = Sends > 1 ? MessageVersions.Oldest : MessageVersions.Current,
    };
}
