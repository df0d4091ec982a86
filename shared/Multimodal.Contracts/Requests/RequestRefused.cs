namespace Multimodal.Contracts.Requests;

/// <summary>Why the service did not accept a request: the fields of its problem document (RFC 9457), the same over HTTP and AMQP.</summary>
public sealed record RequestRefused
{
    /// <summary>The HTTP status that the same request would get, for example 400.</summary>
    public required int Status { get; init; }

    /// <summary>A stable kebab-case code, for example <c>invalid-options</c>; branch on this.</summary>
    public required string Code { get; init; }

    /// <summary>What is wrong and what to do, for a person.</summary>
    public string? Detail { get; init; }

    /// <summary>What is wrong where: by field, or by path in the options; null when the code says it all.</summary>
    public IReadOnlyDictionary<string, string>? Errors { get; init; }
}
