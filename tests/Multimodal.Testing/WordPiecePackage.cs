using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Multimodal.Testing;

/// <summary>A small generated text expert for the digits 0 to 9 with word-piece tokenization: a real package with a real model.</summary>
public static class WordPiecePackage
{
    /// <summary>Name of the expert and its folder.</summary>
    public const string Name = "text-pieces";

    /// <summary>Logit of the label whose word is the whole text, before the mean over [CLS], the word and [SEP].</summary>
    public const float Strength = 30;

    private static readonly string[] Words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

    /// <summary>The vocabulary: control tokens, the ten words, and some words unrelated to digits.</summary>
    public static IReadOnlyList<string> Vocabulary { get; } = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", .. Words, "the", "answer", "is", "!", "##th", "##s", "##fold"];

    /// <summary>Returns the <c>expert.json</c>.</summary>
    public static JsonObject Manifest()
    {
        var manifest = PackageFolder.Manifest(Model(), 0, [.. Words.Select((_, digit) => $"{digit}")]);
        manifest["name"] = Name;
        manifest["temperature"] = 1;
        manifest["preprocessing"] = new JsonObject
        {
            ["kind"] = "tokenizer",
            ["type"] = "wordpiece",
            ["vocabulary"] = "vocab.txt",
            ["vocabularySha256"] = Convert.ToHexStringLower(SHA256.HashData(VocabularyFile())),
            ["length"] = 16,
            ["lowercase"] = true,
        };
        return manifest;
    }

    /// <summary>Writes the package to a folder of its name.</summary>
    /// <returns>The package's folder.</returns>
    public static string Write(string parent)
    {
        var folder = PackageFolder.Write(Path.Combine(parent, Name), Manifest(), Model());
        File.WriteAllBytes(Path.Combine(folder, "vocab.txt"), VocabularyFile());
        return folder;
    }

    private static byte[] VocabularyFile() => System.Text.Encoding.UTF8.GetBytes(string.Join('\n', Vocabulary) + "\n");

    private static byte[] Model()
    {
        var embedding = new float[Vocabulary.Count * Words.Length];
        var weights = new float[Words.Length * Words.Length];
        for (var digit = 0; digit < Words.Length; digit++)
        {
            embedding[(Vocabulary.ToList().IndexOf(Words[digit]) * Words.Length) + digit] = 1;
            weights[(digit * Words.Length) + digit] = Strength;
        }

        return TinyModels.MeanOfPieces(embedding, Vocabulary.Count, weights, Words.Length, padding: 0);
    }
}
