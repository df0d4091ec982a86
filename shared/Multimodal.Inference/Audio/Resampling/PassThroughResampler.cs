using System.Buffers;

namespace Multimodal.Inference.Audio.Resampling;

/// <summary>No conversion: a file that has the wanted rate already keeps its samples to the bit.</summary>
internal sealed class PassThroughResampler(IBufferWriter<float> output) : IResampler
{
    public void Write(ReadOnlySpan<float> samples) => output.Write(samples);

    public void Finish()
    {
    }

    public void Dispose()
    {
    }
}
