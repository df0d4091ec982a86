using System.Globalization;
using System.Text;

namespace Multimodal.Inference.Text;

/// <summary>The test for texts that show nothing.</summary>
public static class BlankText
{
    /// <summary>
    /// Whether no character is visible, so that no expert has anything to judge. Punctuation, symbols, combining marks, private-use and
    /// unassigned characters count as visible.
    /// </summary>
    public static bool IsBlank(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var scalar in text.EnumerateRunes())
        {
            if (!IsBlank(scalar))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Whether a character is invisible: white space, controls, zero-width and other format characters, variation selectors, the Hangul
    /// fillers and the empty Braille cell.
    /// </summary>
    private static bool IsBlank(Rune scalar) => Rune.IsWhiteSpace(scalar)
        || Rune.GetUnicodeCategory(scalar) is UnicodeCategory.Control or UnicodeCategory.Format
        || scalar.Value is 0x034F or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF)
            or 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800;
}
