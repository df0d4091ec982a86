using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Audio.Decoding;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Hosting;

/// <summary>Logs at the start which audio formats this process decodes.</summary>
internal sealed partial class AudioSupportLog(ServiceRoles roles, InferenceOptions options, ILogger<AudioSupportLog> logger)
{
    /// <summary>Writes the log line if the process decodes audio.</summary>
    public void Write()
    {
        if (!roles.IsGateway && !roles.Serves(Modality.Audio))
        {
            return;
        }

        var support = AudioSupport.Detect(options.Media);
        if (support.UnsupportedFormats is null)
        {
            LogSound(support.Decoder, support.Formats);
        }
        else
        {
            LogSoundInPart(support.Decoder, support.Formats, support.UnsupportedFormats, support.Remedy ?? "");
        }
    }

    [LoggerMessage(EventName = "Sound", Level = LogLevel.Information, Message = "Audio is decoded by {Decoder}, which reads {Formats}.")]
    private partial void LogSound(string decoder, string formats);

    [LoggerMessage(
        EventName = "SoundInPart",
        Level = LogLevel.Information,
        Message = "Audio is decoded by {Decoder}, which reads {Formats}. Requests with other audio formats are refused: {Unread}. {Remedy}")]
    private partial void LogSoundInPart(string decoder, string formats, string unread, string remedy);
}
