namespace Multimodal.Inference.Audio.Resampling;

/// <summary>
/// Band-limited conversion of a mono stream to another sample rate, into the buffer it was made with. Output n is the signal at
/// the time of input n x input rate / output rate: no delay. The output is as long as the input, to half a sample.
/// </summary>
internal interface IResampler : IDisposable
{
    /// <summary>Converts a block.</summary>
    void Write(ReadOnlySpan<float> samples);

    /// <summary>Ends the signal: writes what the filter still holds back.</summary>
    void Finish();
}
