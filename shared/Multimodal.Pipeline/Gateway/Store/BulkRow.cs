namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>A row that a server writes together with others of its kind, in one statement.</summary>
internal abstract class BulkRow
{
    /// <summary>The request's id.</summary>
    public required string Id { get; init; }

    public required string Tenant { get; init; }
}
