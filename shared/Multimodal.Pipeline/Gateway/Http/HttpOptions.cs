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

    /// <summary>
    /// Bytes per second below which an upload is refused with 408, after five seconds of grace. Raise it against slow clients; lower it for
    /// clients on very slow networks.
    /// </summary>
    /// <value>1 to 1,048,576; default 1,024.</value>
    [Range(1, 1_048_576)]
    public int MinUploadBytesPerSecond { get; set; } = 1024;

    /// <summary>
    /// Maximum number of bodies larger than <see cref="SmallBodyBytes"/> that are received at the same time. If it is reached, the slowest upload is
    /// refused with 408 in favour of a faster one, unless it is faster than <see cref="YieldBytesPerSecond"/>. In that case the new one is refused with 503.
    /// </summary>
    /// <value>1 to 65,536; default 64.</value>
    [Range(1, 65_536)]
    public int MaxUploads { get; set; } = 64;

    /// <summary>Bytes of a body that are always received; a longer body then needs one of <see cref="MaxUploads"/> permits.</summary>
    /// <value>0 to 1,048,576; default 65,536.</value>
    [Range(0, 1_048_576)]
    public int SmallBodyBytes { get; set; } = 65_536;

    /// <summary>
    /// Maximum number of bytes that all bodies being received hold in memory, after decompression. Beyond it, a body larger than <see cref="SmallBodyBytes"/>
    /// is refused with 503, so that compressed bodies of a few hundred bytes cannot fill the memory.
    /// </summary>
    /// <value>1,048,576 to 1,099,511,627,776; default 268,435,456.</value>
    [Range(1_048_576L, 1_099_511_627_776L)]
    public long UploadMemoryBytes { get; set; } = 268_435_456;

    /// <summary>Bytes per second from which an upload does not yield to a faster one.</summary>
    /// <value>1 to 1,073,741,824; default 262,144.</value>
    [Range(1, 1_073_741_824)]
    public int YieldBytesPerSecond { get; set; } = 262_144;

    /// <summary>
    /// Maximum number of open connections. The process accepts fewer if the operating system allows it fewer open files than this number plus 400
    /// (<c>ulimit -n</c>); it logs that at the start.
    /// </summary>
    /// <value>16 to 1,000,000; default 20,000.</value>
    [Range(16, 1_000_000)]
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>Maximum number of open connections from one address. 0: half of all connections, so that one address cannot take all.</summary>
    /// <value>0 to 1,000,000; default 0.</value>
    [Range(0, 1_000_000)]
    public int MaxConnectionsPerAddress { get; set; }

    /// <summary>Seconds without a request after which a connection is closed.</summary>
    /// <value>1 to 3,600; default 60.</value>
    [Range(1, 3600)]
    public int IdleSeconds { get; set; } = 60;

    /// <summary>Seconds within which the header of a request must arrive.</summary>
    /// <value>1 to 3,600; default 10.</value>
    [Range(1, 3600)]
    public int HeaderSeconds { get; set; } = 10;

    /// <summary>
    /// Origins of the web pages that may call the API from a browser, separated by semicolons: <c>https://app.example.org</c>. Empty: browsers let no
    /// page of another origin read responses.
    /// </summary>
    /// <value>Default empty.</value>
    [RegularExpression("^(https?://[^/;,\\s*]+(;\\s*https?://[^/;,\\s*]+)*)?$", ErrorMessage = "{0} must be origins such as https://app.example.org, without a path, separated by semicolons.")]
    public string CorsOrigins { get; set; } = "";

    /// <summary>Longest wait that <c>Prefer: wait</c> can ask for, in seconds.</summary>
    /// <value>0 to 600; default 60.</value>
    [Range(0, 600)]
    public int MaxWaitSeconds { get; set; } = 60;
}
