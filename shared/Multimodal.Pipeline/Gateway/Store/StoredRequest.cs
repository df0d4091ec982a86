using System.Text.Json;
using Multimodal.Contracts.Commands;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>One row of the request store.</summary>
internal sealed class StoredRequest
{
    /// <summary>The request's id.</summary>
    public Guid Id => Guid.ParseExact(IdText, "n");

    /// <summary>The id as stored.</summary>
    public required string IdText { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Tenant { get; init; }

    /// <summary>The ensemble that answers.</summary>
    public required string Ensemble { get; init; }

    /// <summary>Digest of all that was asked; tells a repeat from another request under the same idempotency key.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The message to the combiner, as JSON.</summary>
    public required string FuseJson { get; init; }

    /// <summary>When it was accepted, milliseconds since 1970.</summary>
    public required long AcceptedAt { get; init; }

    /// <summary>Milliseconds that the client gave the answer.</summary>
    public required long Budget { get; init; }

    /// <summary>When the answer is due, milliseconds since 1970; moved when the request is sent again.</summary>
    public required long Deadline { get; init; }

    /// <summary>How often it was sent.</summary>
    public required long Sends { get; init; }

    /// <summary>The answer as clients read it; null until there is one, and then never changed.</summary>
    public string? Result { get; init; }

    /// <summary>The message to the combiner, with the deadline now in force.</summary>
    public Fuse Fuse => JsonSerializer.Deserialize<Fuse>(FuseJson, JsonFormat.Options)! with
    {
        Deadline = DateTimeOffset.FromUnixTimeMilliseconds(Deadline),
    };
}
