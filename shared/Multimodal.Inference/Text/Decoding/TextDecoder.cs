using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Text.Decoding;

/// <summary>Decodes bytes to text in Normalization Form C (Unicode Standard Annex 15).</summary>
internal static class TextDecoder
{
    // Normalization sorts each run of combining marks in quadratic time: 64,000 marks on one letter take over a second.
    // UAX 15, section 13 (Stream-Safe Text) splits runs longer than 30 with U+034F.
    private const int MaxMarksInRun = 30;
    private const char CombiningGraphemeJoiner = (char)0x034F;

    /// <summary>Inspects (see <see cref="TextInspector"/>), decodes and normalizes text.</summary>
    /// <param name="bytes">The bytes as the client sent them.</param>
    /// <param name="limits">The media limits.</param>
    /// <param name="text">The text, if the result is true: in NFC, without byte order mark, lone surrogates and U+FFFE.</param>
    /// <param name="failure">
    /// The reason why the text is refused, if the result is false; <see cref="MediaFailureCode.Empty"/> if it shows nothing
    /// (<see cref="BlankText"/>).
    /// </param>
    public static bool TryDecode(
        ReadOnlySpan<byte> bytes, MediaOptions limits, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out MediaFailure? failure)
    {
        text = null;
        if (!TextInspector.TryInspect(bytes, limits, out _, out failure))
        {
            return false;
        }

        text = StreamSafe(bytes).Normalize(NormalizationForm.FormC);
        if (BlankText.IsBlank(text))
        {
            text = null;
            failure = new MediaFailure(MediaFailureCode.Empty, "The text has no visible characters. Send at least one.");
            return false;
        }

        return true;
    }

    private static string StreamSafe(ReadOnlySpan<byte> bytes)
    {
        var result = new StringBuilder(bytes.Length);
        Span<char> units = stackalloc char[2];
        var marks = 0;
        var reader = new ScalarReader(bytes);
        while (reader.TryRead(out var scalar) == OperationStatus.Done)
        {
            marks = IsMark(scalar) ? marks + 1 : 0;
            if (marks > MaxMarksInRun)
            {
                result.Append(CombiningGraphemeJoiner);
                marks = 1;
            }

            // string.Normalize throws for this noncharacter.
            scalar = scalar.Value == 0xFFFE ? Rune.ReplacementChar : scalar;
            result.Append(units[..scalar.EncodeToUtf16(units)]);
        }

        return result.ToString();
    }

    // NFKC turns the two half-width Katakana voicing marks, which are letters, into combining marks.
    private static bool IsMark(Rune scalar) => !scalar.IsAscii && (scalar.Value is 0xFF9E or 0xFF9F || Rune.GetUnicodeCategory(scalar)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark);
}
