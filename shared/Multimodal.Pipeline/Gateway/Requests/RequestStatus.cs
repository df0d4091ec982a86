namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Status of a request without a result.</summary>
internal enum RequestStatus
{
    /// <summary>This call accepted it.</summary>
    Accepted,

    /// <summary>An earlier call accepted it, and its answer is pending.</summary>
    Running,
}
