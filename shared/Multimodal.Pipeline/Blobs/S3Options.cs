using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Blobs;

/// <summary>A bucket of Amazon S3 or a compatible server. The bucket must exist.</summary>
internal sealed class S3Options
{
    /// <summary>The server's address. Empty: Amazon S3 in the region.</summary>
    /// <value>Default empty.</value>
    [RegularExpression("^$|^https?://.+", ErrorMessage = "Multimodal:Blobs:S3:Endpoint must be an http or https address.")]
    public string Endpoint { get; set; } = "";

    /// <summary>The region. It is part of the signature, also for other servers.</summary>
    /// <value>Not empty; default <c>us-east-1</c>.</value>
    [Required]
    public string Region { get; set; } = "us-east-1";

    /// <summary>The bucket's name.</summary>
    /// <value>Not empty; default <c>multimodal</c>.</value>
    [Required]
    public string Bucket { get; set; } = "multimodal";

    /// <summary>Prefix of every key, followed by a slash.</summary>
    /// <value>Default empty.</value>
    public string Prefix { get; set; } = "";

    /// <summary>Puts the bucket's name in the path instead of the host name; most compatible servers require it.</summary>
    /// <value>Default false.</value>
    public bool PathStyle { get; set; }

    /// <summary>The access key. Empty: the AWS SDK's default chain of environment, profile, container and instance.</summary>
    /// <value>Default empty.</value>
    public string AccessKey { get; set; } = "";

    /// <summary>The secret of the access key; never logged.</summary>
    /// <value>Default empty.</value>
    public string SecretKey { get; set; } = "";

    /// <summary>Timeout of one call in seconds.</summary>
    /// <value>0.1 to 300; default 10.</value>
    [Range(0.1, 300)]
    public double TimeoutSeconds { get; set; } = 10;

    /// <summary>Maximum number of retries after a transient failure.</summary>
    /// <value>0 to 10; default 2.</value>
    [Range(0, 10)]
    public int Retries { get; set; } = 2;
}
