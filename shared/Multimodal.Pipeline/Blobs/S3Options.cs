using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Blobs;

/// <summary>A bucket of S3 or of a server that speaks its protocol. It must exist.</summary>
internal sealed class S3Options
{
    /// <summary>The server's address. Empty: Amazon's, in the region.</summary>
    /// <value>Default empty.</value>
    [RegularExpression("^$|^https?://.+", ErrorMessage = "Multimodal:Blobs:S3:Endpoint must be an http or https address.")]
    public string Endpoint { get; set; } = "";

    /// <summary>The region; part of the signature on every server.</summary>
    /// <value>Not empty; default <c>us-east-1</c>.</value>
    [Required]
    public string Region { get; set; } = "us-east-1";

    /// <summary>The bucket's name.</summary>
    /// <value>Not empty; default <c>multimodal</c>.</value>
    [Required]
    public string Bucket { get; set; } = "multimodal";

    /// <summary>Put in front of every key, with a slash after it.</summary>
    /// <value>Default empty.</value>
    public string Prefix { get; set; } = "";

    /// <summary>Names the bucket in the path instead of the host name; most servers other than Amazon's need it.</summary>
    /// <value>Default false.</value>
    public bool PathStyle { get; set; }

    /// <summary>The access key. Empty: the usual chain of environment, profile, container and instance.</summary>
    /// <value>Default empty.</value>
    public string AccessKey { get; set; } = "";

    /// <summary>The secret that belongs to it; never logged.</summary>
    /// <value>Default empty.</value>
    public string SecretKey { get; set; } = "";

    /// <summary>Seconds that one call may take.</summary>
    /// <value>0.1 to 300; default 10.</value>
    [Range(0.1, 300)]
    public double TimeoutSeconds { get; set; } = 10;

    /// <summary>How often a call is tried again that failed by no fault of its own.</summary>
    /// <value>0 to 10; default 2.</value>
    [Range(0, 10)]
    public int Retries { get; set; } = 2;
}
