namespace Multimodal.Inference.Text.Preprocessing;

/// <summary>Which characters of a text that is longer than the row are kept.</summary>
internal enum CharacterWindow
{
    /// <summary>The first ones.</summary>
    Head,

    /// <summary>The first half of the row from the start of the text, the other half from its end: where people put an answer.</summary>
    Ends,

    /// <summary>As many as fit around the first ASCII digit, which comes a quarter into the row; as <see cref="Head"/> without one.</summary>
    Digit,
}
