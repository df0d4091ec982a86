namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>The key that lets a client repeat a request safely.</summary>
internal static class IdempotencyKey
{
    private const int MaxLength = 200;

    /// <summary>Whether the key is 1 to 200 printable ASCII characters without spaces.</summary>
    public static bool IsValid(string key) => key.Length is > 0 and <= MaxLength && key.All(c => c is > ' ' and <= '~');
}
