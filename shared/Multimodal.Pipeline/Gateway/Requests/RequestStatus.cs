namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Status of a request without a result.</summary>
internal enum RequestStatus
{
    /// <summary>This call accepted it.</summary>
    Accepted,

    /// <summary>Accepted before this call; its answer is pending.</summary>
    Running,
}
