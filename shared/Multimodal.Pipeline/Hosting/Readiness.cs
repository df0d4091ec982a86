namespace Multimodal.Pipeline.Hosting;

/// <summary>Whether the process can take requests: false until everything is loaded, connected and recovered.</summary>
internal sealed class Readiness
{
    private volatile bool _isReady;

    /// <summary>Whether requests are taken.</summary>
    public bool IsReady => _isReady;

    /// <summary>Opens the door.</summary>
    public void Open() => _isReady = true;
}
