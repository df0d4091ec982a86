using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>The fields of a request and their largest sizes.</summary>
internal sealed class FieldLimits(InferenceOptions options)
{
    /// <summary>The field with the options.</summary>
    public const string OptionsField = "options";

    private const int MaxOptionsBytes = 65_536;

    /// <summary>The names of all fields.</summary>
    public static IReadOnlyList<string> Names { get; } = ["text", "image", "audio", OptionsField];

    /// <summary>The limit of a field in bytes; null for an unknown field.</summary>
    public int? Of(string name) => name switch
    {
        "text" => options.Media.TextBytes,
        "image" => options.Media.ImageBytes,
        "audio" => options.Media.AudioBytes,
        OptionsField => MaxOptionsBytes,
        _ => null,
    };

    /// <summary>The modality of a field other than options.</summary>
    public static Modality ModalityOf(string name) => name switch
    {
        "text" => Modality.Text,
        "image" => Modality.Image,
        _ => Modality.Audio,
    };
}
