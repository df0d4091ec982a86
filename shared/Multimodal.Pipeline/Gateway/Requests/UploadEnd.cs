namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Why the gateway stopped receiving a body.</summary>
internal enum UploadEnd
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>A faster upload took the permit.</summary>
    Yielded,

    /// <summary>Fast uploads have all permits.</summary>
    NoPermit,
}
