using System.Buffers;

namespace Multimodal.Inference.Audio.Resampling;

/// <summary>Copies samples unchanged, for files that already have the target rate.</summary>
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
