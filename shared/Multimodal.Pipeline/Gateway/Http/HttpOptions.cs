using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>The HTTP API.</summary>
internal sealed class HttpOptions
{
    /// <summary>Where to listen when neither <c>--urls</c> nor <c>ASPNETCORE_URLS</c> nor <c>ASPNETCORE_HTTP_PORTS</c> says so.</summary>
    /// <value>Semicolon-separated addresses; default <c>http://127.0.0.1:8080</c>.</value>
    [Required]
    public string Listen { get; set; } = "http://127.0.0.1:8080";

    /// <summary>Bytes of one request body; more is answered with 413.</summary>
    /// <value>1,024 to 1,073,741,824; default 67,108,864.</value>
    [Range(1024, 1_073_741_824)]
    public int MaxBodyBytes { get; set; } = 67_108_864;

    /// <summary>Seconds within which a request body must have arrived; later is answered with 408.</summary>
    /// <value>1 to 3,600; default 30.</value>
    [Range(1, 3600)]
    public int UploadSeconds { get; set; } = 30;

    /// <summary>The longest wait that <c>Prefer: wait</c> can ask for, in seconds.</summary>
    /// <value>0 to 600; default 60.</value>
    [Range(0, 600)]
    public int MaxWaitSeconds { get; set; } = 60;
}
