namespace Multimodal.Inference.Audio.Resampling;

/// <summary>
/// Converts a mono stream to another sample rate, band-limited and without delay. Output n is the signal at the time of input
/// n x input rate / output rate. Output and input have the same duration, to half a sample.
/// </summary>
internal interface IResampler : IDisposable
{
    /// <summary>Converts a block of samples.</summary>
    void Write(ReadOnlySpan<float> samples);

    /// <summary>Ends the stream and writes the samples that the filter still holds.</summary>
    void Finish();
}
