using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Folders;

/// <summary>A place in one folder that uses a type of another.</summary>
internal sealed record FolderUse(string From, string To, Place Place, string Type);
