namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Why the gateway stopped receiving a body.</summary>
internal enum UploadEnd
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>A faster upload took the place.</summary>
    Yielded,

    /// <summary>Fast uploads take all places.</summary>
    NoPlace,
}
