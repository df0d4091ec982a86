using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Text.Decoding;

/// <summary>Bytes to text in Normalization Form C (Unicode Standard Annex 15).</summary>
internal static class TextDecoder
{
    // Normalising sorts each run of combining marks, in time quadratic in its length: 64,000 marks on one letter take
    // over a second. UAX 15 section 13 (Stream-Safe Text) breaks runs longer than 30 with U+034F.
    private const int MarksInARun = 30;
    private const char CombiningGraphemeJoiner = (char)0x034F;

    /// <summary>Checks (see <see cref="TextInspector"/>), decodes and normalises.</summary>
    /// <param name="bytes">The part as the client sent it.</param>
    /// <param name="limits">The limits in force.</param>
    /// <param name="text">On true: NFC, no byte order mark, no lone surrogate, no U+FFFE; at least one visible character.</param>
    /// <param name="failure">Why it is refused, on false.</param>
    public static bool TryDecode(
        ReadOnlySpan<byte> bytes, MediaOptions limits, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out MediaFailure? failure)
    {
        text = null;
        if (!TextInspector.TryInspect(bytes, limits, out _, out failure))
        {
            return false;
        }

        text = StreamSafe(bytes).Normalize(NormalizationForm.FormC);
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
            if (marks > MarksInARun)
            {
                result.Append(CombiningGraphemeJoiner);
                marks = 1;
            }

            // string.Normalize throws for this one noncharacter.
            scalar = scalar.Value == 0xFFFE ? Rune.ReplacementChar : scalar;
            result.Append(units[..scalar.EncodeToUtf16(units)]);
        }

        return result.ToString();
    }

    // The two half-width Katakana voicing marks are letters that become marks in NFKC.
    private static bool IsMark(Rune scalar) => !scalar.IsAscii && (scalar.Value is 0xFF9E or 0xFF9F || Rune.GetUnicodeCategory(scalar)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark);
}
