namespace Multimodal.Inference.Text.Preprocessing;

/// <summary>The characters that are kept of a text longer than the row.</summary>
internal enum CharacterWindow
{
    /// <summary>The first characters.</summary>
    Head,

    /// <summary>Half of the row from the start of the text, and half from its end. Answers are often at one of them.</summary>
    Ends,

    /// <summary>The first ASCII digit is at a quarter of the row. A text without a digit is read from its start.</summary>
    Digit,
}
