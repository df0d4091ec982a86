using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Multimodal.Inference.Text.Preprocessing;

/// <summary>
/// The basic tokenization of BERT: cleans text and puts spaces around separate words, so that splitting at white space yields the words.
/// The <c>BertTokenizer</c> of Microsoft.ML.Tokenizers differs from the tokenizer that models are trained with. It removes symbols,
/// emoji and vowel signs of Indic scripts, joins the words before and after a line break, and keeps <c>_</c> inside words. It also converts
/// <c>[SEP]</c> in a client's text to the control token (decision 0114).
/// </summary>
/// <param name="lowercase">Whether letters are converted to lower case.</param>
/// <param name="stripAccents">Whether text is decomposed (NFD) and nonspacing marks are removed.</param>
/// <param name="splitCjk">Whether each Chinese character is a separate word.</param>
internal sealed class WordPieceNormalizer(bool lowercase, bool stripAccents, bool splitCjk) : Normalizer
{
    private static readonly Rune CapitalDottedI = new(0x130);

    /// <inheritdoc/>
    public override string Normalize(ReadOnlySpan<char> original) => Normalize(original.ToString());

    /// <inheritdoc/>
    public override string Normalize(string original)
    {
        var result = new StringBuilder(original.Length + (original.Length / 4));
        foreach (var scalar in (stripAccents ? original.Normalize(NormalizationForm.FormD) : original).EnumerateRunes())
        {
            Append(scalar, result);
        }

        return result.ToString();
    }

    private void Append(Rune scalar, StringBuilder result)
    {
        var category = Rune.GetUnicodeCategory(scalar);
        if (scalar.Value is '\t' or '\n' or '\r')
        {
            result.Append(' ');
        }
        else if (scalar == Rune.ReplacementChar
            || category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            || (stripAccents && category == UnicodeCategory.NonSpacingMark))
        {
            return;
        }
        else if (Rune.IsWhiteSpace(scalar))
        {
            result.Append(' ');
        }
        else if ((splitCjk && IsCjk(scalar.Value)) || IsPunctuation(scalar))
        {
            result.Append(' ').Append(scalar).Append(' ');
        }
        else if (lowercase && scalar == CapitalDottedI)
        {
            // The only lower case mapping of Unicode to two characters (SpecialCasing.txt). Simple case mappings do not contain it.
            result.Append("i\u0307");
        }
        else
        {
            result.Append(lowercase ? Rune.ToLowerInvariant(scalar) : scalar);
        }
    }

    private static bool IsPunctuation(Rune scalar) =>
        (scalar.IsAscii && scalar.Value > ' ' && !Rune.IsLetterOrDigit(scalar)) || Rune.IsPunctuation(scalar);

    /// <summary>Whether BERT splits at the character: CJK Unified and Compatibility Ideographs, not Kana and Hangul.</summary>
    private static bool IsCjk(int scalar) => scalar
        is (>= 0x4E00 and <= 0x9FFF)
        or (>= 0x3400 and <= 0x4DBF)
        or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F)
        or (>= 0x2B820 and <= 0x2CEAF)
        or (>= 0x2F800 and <= 0x2FA1F);
}
