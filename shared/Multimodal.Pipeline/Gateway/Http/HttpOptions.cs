using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>The HTTP API.</summary>
internal sealed class HttpOptions
{
    /// <summary>Addresses to listen on, unless <c>--urls</c>, <c>ASPNETCORE_URLS</c> or <c>ASPNETCORE_HTTP_PORTS</c> is set.</summary>
    /// <value>Semicolon-separated addresses; default <c>http://127.0.0.1:8080</c>.</value>
    [Required]
    public string Listen { get; set; } = "http://127.0.0.1:8080";

    /// <summary>Maximum size of a request body in bytes. A larger body is refused with 413.</summary>
    /// <value>1,024 to 1,073,741,824; default 67,108,864.</value>
    [Range(1024, 1_073_741_824)]
    public int MaxBodyBytes { get; set; } = 67_108_864;

    /// <summary>Seconds within which a request body must arrive. A slower upload is refused with 408.</summary>
    /// <value>1 to 3,600; default 30.</value>
    [Range(1, 3600)]
    public int UploadSeconds { get; set; } = 30;

    /// <summary>Longest wait that <c>Prefer: wait</c> can ask for, in seconds.</summary>
    /// <value>0 to 600; default 60.</value>
    [Range(0, 600)]
    public int MaxWaitSeconds { get; set; } = 60;
}
