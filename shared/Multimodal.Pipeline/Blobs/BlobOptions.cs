using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Multimodal.Pipeline.Blobs;

/// <summary>Where payloads stay while their request is answered.</summary>
internal sealed class BlobOptions
{
    /// <summary>Files under the data folder.</summary>
    public const string Folder = "folder";

    /// <summary>Objects in a bucket.</summary>
    public const string S3Kind = "s3";

    /// <summary>Which store: <c>folder</c> is <c>blobs</c> under the data folder, which all processes must share; <c>s3</c> a bucket.</summary>
    /// <value>folder or s3; default folder.</value>
    [AllowedValues(Folder, S3Kind)]
    public string Kind { get; set; } = Folder;

    /// <summary>Payloads up to this many bytes travel inside the messages, larger ones as a reference.</summary>
    /// <value>0 to 65,536; default 4,096.</value>
    [Range(0, 65_536)]
    public int InlineBytes { get; set; } = 4096;

    /// <summary>Keeps payloads after the answer, until the request itself is forgotten. Off by default: privacy.</summary>
    /// <value>Default false.</value>
    public bool KeepAfterAnswer { get; set; }

    /// <summary>Minutes between two looks of a gateway for payloads that a crash left behind: those whose request is unknown or answered.</summary>
    /// <value>1 to 10,080; default 60.</value>
    [Range(1, 10_080)]
    public int CleanUpMinutes { get; set; } = 60;

    /// <summary>The bucket; used with <c>s3</c> only.</summary>
    [ValidateObjectMembers]
    public S3Options S3 { get; set; } = new();
}
