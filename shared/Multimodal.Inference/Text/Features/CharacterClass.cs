namespace Multimodal.Inference.Text.Features;

/// <summary>The classes that <see cref="TextFeatures"/> counts; each character is in exactly one.</summary>
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
