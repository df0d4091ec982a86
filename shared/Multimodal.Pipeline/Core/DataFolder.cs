namespace Multimodal.Pipeline.Core;

/// <summary>The folder for the request database and the payloads.</summary>
/// <param name="Path">As configured; relative to the working folder.</param>
internal sealed record DataFolder(string Path)
{
    /// <summary>The absolute path of an entry.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(System.IO.Path.GetFullPath(Path), name);
}
