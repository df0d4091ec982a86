namespace Multimodal.Pipeline.Gateway.Caching;

/// <summary>What the cache did for a request.</summary>
internal enum CacheOutcome
{
    /// <summary>Nothing: it is switched off.</summary>
    Off,

    /// <summary>It had the answer.</summary>
    Hit,

    /// <summary>It did not have the answer.</summary>
    Miss,

    /// <summary>The client did not want an answer from the cache.</summary>
    Request,

    /// <summary>The request was chosen to explore, or for a shadow expert, so experts must be asked.</summary>
    Bypass,
}
