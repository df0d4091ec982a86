using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using Multimodal.Inference.Media;
using Multimodal.Inference.Text.Decoding;

namespace Multimodal.Inference.Text.Features;

/// <summary>
/// Cheap features of a text for the gate: its length, its character classes, and a hashed vector of its character n-grams. All values
/// are finite, shares are in [0, 1], and the n-gram vector has Euclidean norm 1 or 0. Only the first 4,096 characters are used.
/// </summary>
internal static class TextFeatures
{
    private const int Buckets = 32;
    private const int MaxGramLength = 4;
    private const int MaxCharacters = 4096;

    private static readonly string[] Classes = [.. Enum.GetNames<CharacterClass>().Select(name => $"text.{JsonName(name)}")];

    private static readonly string[] Measures =
    [
        "text.log-length", "text.log-words", "text.mean-word-length", "text.uppercase", "text.vowels", "text.repeated",
        "text.digit-runs", "text.longest-digit-run", "text.one-digit", "text.lone-letters", "text.roman", "text.leet",
        "text.lone-digits", "text.short-end", "text.longest-word",
    ];

    /// <summary>The name of each feature, in order: measures, shares of the character classes, n-gram buckets.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Measures,
        .. Classes,
        .. Enumerable.Range(0, Buckets).Select(i => string.Create(CultureInfo.InvariantCulture, $"text.gram-{i:00}")),
    ];

    /// <summary>Computes the features of a text.</summary>
    /// <param name="media">The bytes as the client sent them.</param>
    /// <param name="limits">The media limits.</param>
    /// <param name="values">One element per name. All of them are written if the result is true.</param>
    /// <param name="failure">The reason why the text is refused, if the result is false.</param>
    public static bool TryCompute(
        ReadOnlySpan<byte> media, MediaOptions limits, Span<float> values, [NotNullWhen(false)] out MediaFailure? failure)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Names.Count);
        if (!TextDecoder.TryDecode(media, limits, out var text, out failure))
        {
            return false;
        }

        values.Clear();
        var counts = new TextCounts();
        var classes = values.Slice(Measures.Length, Classes.Length);
        var grams = values[(Measures.Length + Classes.Length)..];
        Span<Rune> recent = stackalloc Rune[MaxGramLength];
        recent.Fill(new Rune(' '));
        foreach (var scalar in text.EnumerateRunes())
        {
            if (counts.Characters == MaxCharacters)
            {
                break;
            }

            var kind = CharacterClasses.Of(scalar);
            classes[(int)kind]++;
            counts.Add(scalar, kind);
            AddGrams(recent, kind == CharacterClass.Space ? new Rune(' ') : Rune.ToLowerInvariant(scalar), grams);
        }

        AddGrams(recent, new Rune(' '), grams);
        counts.Finish();
        counts.Write(values[..Measures.Length]);
        TensorPrimitives.Divide(classes, counts.Characters, classes);
        var norm = TensorPrimitives.Norm<float>(grams);
        TensorPrimitives.Divide(grams, norm > 0 ? norm : 1, grams);
        return true;
    }

    /// <summary>
    /// Counts the 2-, 3- and 4-grams that end with <paramref name="next"/>. A sign from the hash makes collisions cancel on average
    /// (Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning").
    /// </summary>
    private static void AddGrams(Span<Rune> recent, Rune next, Span<float> grams)
    {
        recent[1..].CopyTo(recent);
        recent[^1] = next;
        for (var length = 2; length <= MaxGramLength; length++)
        {
            var hash = Fnv1a.Start;
            foreach (var scalar in recent[^length..])
            {
                hash = Fnv1a.Add(hash, scalar);
            }

            // The low bits of FNV are the least random, so the bucket and the sign use higher ones.
            grams[(int)((hash >> 16) % Buckets)] += (hash >> 31) == 0 ? 1 : -1;
        }
    }

    private static string JsonName(string name) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
