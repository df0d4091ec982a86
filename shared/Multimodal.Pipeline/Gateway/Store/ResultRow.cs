namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>The result of a request, and the outcome of recording it.</summary>
internal sealed class ResultRow : BulkRow
{
    public required string Subscription { get; init; }

    public required string Status { get; init; }

    public required string Result { get; init; }

    public required string Opinions { get; init; }

    public required string? Gate { get; init; }

    public required string? Label { get; init; }

    public required double Confidence { get; init; }

    public required long Now { get; init; }

    public Completion Outcome { get; set; }
}
