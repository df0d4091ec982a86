using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Multimodal.Structure.Checkouts;
using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Tests;

/// <summary>Small projects, compiled from source texts.</summary>
internal static class Sample
{
    private static readonly MetadataReference[] Framework = [.. AssemblyReferences.Framework.Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>A library, shared/Sample, with files at the given relative paths.</summary>
    public static SourceProject Library(params (string Path, string Text)[] files) => Project("shared/Sample", files);

    public static SourceProject Project(string folder, params (string Path, string Text)[] files) => new(
        "Sample",
        folder,
        CSharpCompilation.Create(
            "Sample",
            files.Select(file => CSharpSyntaxTree.ParseText(file.Text, path: $"{folder}/{file.Path}")),
            Framework,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true)));
}
