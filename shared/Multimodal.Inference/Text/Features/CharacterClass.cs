namespace Multimodal.Inference.Text.Features;

/// <summary>The character classes of <see cref="TextFeatures"/>. Each character belongs to exactly one class.</summary>
internal enum CharacterClass
{
    AsciiDigit,
    OtherDigit,
    Latin,
    Cyrillic,
    Greek,
    Cjk,
    Arabic,
    Indic,
    OtherLetter,
    Punctuation,
    Symbol,
    Space,
    Other,
}
