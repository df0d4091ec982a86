namespace Multimodal.Structure.Folders;

/// <summary>One folder uses another.</summary>
/// <param name="From">The folder that uses.</param>
/// <param name="To">The folder that is used.</param>
/// <param name="Uses">The first use in each file.</param>
internal sealed record FolderEdge(string From, string To, IReadOnlyList<FolderUse> Uses);
