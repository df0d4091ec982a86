using System.Globalization;
using System.Text;

namespace Multimodal.Inference.Text.Features;

/// <summary>Classifies characters by their general category, and letters by the Unicode block of their script.</summary>
internal static class CharacterClasses
{
    public static CharacterClass Of(Rune scalar)
    {
        if (scalar.Value is >= '0' and <= '9')
        {
            return CharacterClass.AsciiDigit;
        }

        if (Rune.IsWhiteSpace(scalar))
        {
            return CharacterClass.Space;
        }

        if (Rune.IsLetter(scalar))
        {
            return Script(scalar.Value);
        }

        return Rune.GetUnicodeCategory(scalar) switch
        {
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterClass.OtherDigit,
            _ when Rune.IsPunctuation(scalar) => CharacterClass.Punctuation,
            _ when Rune.IsSymbol(scalar) => CharacterClass.Symbol,
            _ => CharacterClass.Other,
        };
    }

    private static CharacterClass Script(int value) => value switch
    {
        < 0x0250 or (>= 0x1E00 and < 0x1F00) or (>= 0x2C60 and < 0x2C80) or (>= 0xA720 and < 0xA800) or (>= 0xFF21 and <= 0xFF5A)
            => CharacterClass.Latin,
        (>= 0x0370 and < 0x0400) or (>= 0x1F00 and < 0x2000) => CharacterClass.Greek,
        (>= 0x0400 and < 0x0530) or (>= 0x1C80 and < 0x1C90) or (>= 0x2DE0 and < 0x2E00) or (>= 0xA640 and < 0xA6A0)
            => CharacterClass.Cyrillic,
        (>= 0x0600 and < 0x0780) or (>= 0x0870 and < 0x0900) or (>= 0xFB50 and < 0xFE00) or (>= 0xFE70 and < 0xFF00)
            => CharacterClass.Arabic,
        >= 0x0900 and < 0x0E00 => CharacterClass.Indic,
        (>= 0x1100 and < 0x1200) or (>= 0x2E80 and < 0xA4D0) or (>= 0xAC00 and < 0xD800) or (>= 0xF900 and < 0xFB00)
            or (>= 0xFF66 and < 0xFFE0) or (>= 0x20000 and < 0x32000)
            => CharacterClass.Cjk,
        _ => CharacterClass.OtherLetter,
    };
}
