using System.Security.Cryptography;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Testing;

namespace Multimodal.Bench.BatchingBench;

/// <summary>Writes a text expert whose model has the layers of DistilBERT (six of width 768) and weights from a seed.</summary>
internal static class TransformerPackage
{
    private const int Layers = 6;
    private const int Width = 768;
    private const int Heads = 12;

    /// <summary>The words of the texts.</summary>
    private static readonly string[] Words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

    /// <summary>Writes the package.</summary>
    /// <param name="folder">The folder, created if needed.</param>
    /// <param name="length">Number of tokens of each text, with the two that mark its ends.</param>
    public static ExpertPackage Write(string folder, int length)
    {
        var model = new TransformerModel(Layers, Width, Heads).ToModel(Words.Length, seed: 1);
        var manifest = WordPiecePackage.Manifest();
        manifest["sha256"] = Convert.ToHexStringLower(SHA256.HashData(model));
        manifest["preprocessing"]!["length"] = length;
        PackageFolder.Write(folder, manifest, model);
        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), WordPiecePackage.Vocabulary);
        return ExpertPackageReader.Read(folder, new MediaOptions()).OrThrow();
    }

    /// <summary>A text of the given number of tokens.</summary>
    public static byte[] Text(int length, Random random) =>
        System.Text.Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, length - 2).Select(_ => Words[random.Next(Words.Length)])));
}
