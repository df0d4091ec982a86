namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Where a request stands that has no result yet.</summary>
internal enum RequestStatus
{
    /// <summary>It was accepted by this call and will be answered.</summary>
    Accepted,

    /// <summary>It is being answered.</summary>
    Running,
}
