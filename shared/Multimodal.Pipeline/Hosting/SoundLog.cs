using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Audio.Decoding;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Hosting;

/// <summary>Logs at the start which sound formats this process decodes.</summary>
internal sealed partial class SoundLog(ServiceRoles roles, InferenceOptions options, ILogger<SoundLog> logger)
{
    /// <summary>Writes the line, in processes that decode sound.</summary>
    public void Write()
    {
        if (!roles.IsGateway && !roles.Serves(Modality.Audio))
        {
            return;
        }

        var sound = AudioSupport.Detect(options.Media);
        if (sound.UnsupportedFormats is null)
        {
            LogSound(sound.Decoder, sound.Formats);
        }
        else
        {
            LogSoundInPart(sound.Decoder, sound.Formats, sound.UnsupportedFormats, sound.Remedy ?? "");
        }
    }

    [LoggerMessage(EventName = "Sound", Level = LogLevel.Information, Message = "Sound is decoded by {Decoder}, which reads {Formats}.")]
    private partial void LogSound(string decoder, string formats);

    [LoggerMessage(
        EventName = "SoundInPart",
        Level = LogLevel.Information,
        Message = "Sound is decoded by {Decoder}, which reads {Formats}. Requests with other sound are refused: {Unread}. {Remedy}")]
    private partial void LogSoundInPart(string decoder, string formats, string unread, string remedy);
}
