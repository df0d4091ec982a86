namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>The key under which a client may send the same request again.</summary>
internal static class IdempotencyKey
{
    private const int MaxLength = 200;

    /// <summary>1 to 200 printable ASCII characters without spaces.</summary>
    public static bool IsValid(string key) => key.Length is > 0 and <= MaxLength && key.All(c => c is > ' ' and <= '~');
}
