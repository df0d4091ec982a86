namespace Multimodal.Contracts.Requests;

/// <summary>The fields of the problem document (RFC 9457) with which the service refuses a request, the same over HTTP and AMQP.</summary>
public sealed record RequestRefused
{
    /// <summary>The HTTP status of the refusal, for example 400; the same over AMQP.</summary>
    public required int Status { get; init; }

    /// <summary>A stable kebab-case code, for example <c>invalid-options</c>; branch on this.</summary>
    public required string Code { get; init; }

    /// <summary>What is wrong and what to do, for a person.</summary>
    public string? Detail { get; init; }

    /// <summary>The errors by field, or by path in the options; null if the code is sufficient.</summary>
    public IReadOnlyDictionary<string, string>? Errors { get; init; }
}
