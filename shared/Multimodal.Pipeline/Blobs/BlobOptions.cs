using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Multimodal.Pipeline.Blobs;

/// <summary>The store of payloads.</summary>
internal sealed class BlobOptions
{
    /// <summary>A folder of files.</summary>
    public const string Folder = "folder";

    /// <summary>An S3 bucket.</summary>
    public const string S3Kind = "s3";

    /// <summary>
    /// The store: <c>folder</c> is the folder <c>blobs</c> in the data folder, which all processes must share; <c>s3</c> is a bucket.
    /// </summary>
    /// <value>folder or s3; default folder.</value>
    [AllowedValues(Folder, S3Kind)]
    public string Kind { get; set; } = Folder;

    /// <summary>
    /// Maximum size in bytes of a payload that is sent inside messages. A larger payload is stored, and messages contain its key.
    /// </summary>
    /// <value>0 to 65,536; default 4,096.</value>
    [Range(0, 65_536)]
    public int InlineBytes { get; set; } = 4096;

    /// <summary>
    /// The same if all services run in one process. The database holds these payloads until the answer. Not used with <c>s3</c> or <c>KeepAfterAnswer</c>.
    /// </summary>
    /// <value>0 to 1,048,576; default 262,144.</value>
    [Range(0, 1 << 20)]
    public int LocalInlineBytes { get; set; } = 256 << 10;

    /// <summary>Keeps payloads after the answer, until the request itself is deleted. Off by default, for privacy.</summary>
    /// <value>Default false.</value>
    public bool KeepAfterAnswer { get; set; }

    /// <summary>
    /// Minutes between two clean-ups in which a gateway deletes payloads left by a crash, whose request is unknown or answered.
    /// </summary>
    /// <value>1 to 10,080; default 60.</value>
    [Range(1, 10_080)]
    public int CleanUpMinutes { get; set; } = 60;

    /// <summary>The bucket; used only with <c>s3</c>.</summary>
    [ValidateObjectMembers]
    public S3Options S3 { get; set; } = new();
}
