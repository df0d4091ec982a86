namespace Multimodal.Structure.Sources;

/// <summary>What the analysis checks.</summary>
internal enum Rule
{
    /// <summary>Folders of a project use each other in a cycle.</summary>
    FolderCycle,

    /// <summary>A folder uses another without a row of docs/architecture.md that allows it.</summary>
    FolderEdge,

    /// <summary>The table of folders has a wrong, missing or superfluous entry.</summary>
    FolderTable,

    ConstructorParameters,

    MethodParameters,

    MethodLines,

    TypesPerFile,

    /// <summary>A name does not bind, so a use of a folder could stay unseen.</summary>
    UnboundName,
}
