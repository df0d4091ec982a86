using System.Buffers;
using System.Runtime.InteropServices;
using Multimodal.Inference.Audio.Resampling;

namespace Multimodal.Inference.Audio.Backends.Native;

/// <summary>Converts sample rates with libsoxr at high quality.</summary>
internal sealed unsafe class SoxrResampler : IResampler
{
    private readonly IBufferWriter<float> _output;
    private readonly double _ratio;
    private nint _converter;

    /// <summary>Starts a stream.</summary>
    public SoxrResampler(int inputRate, int outputRate, IBufferWriter<float> output)
    {
        _output = output;
        _ratio = (double)outputRate / inputRate;
        byte* error = null;
        _converter = LibSoxr.Create(inputRate, outputRate, 1, &error, null, null, null);
        ThrowOn(error);
    }

    public void Write(ReadOnlySpan<float> samples)
    {
        fixed (float* input = samples)
        {
            for (var offset = 0; offset < samples.Length;)
            {
                nuint consumed = 0;
                Process(input + offset, (nuint)(samples.Length - offset), &consumed);
                offset += (int)consumed;
            }
        }
    }

    public void Finish()
    {
        while (Process(null, 0, null) > 0)
        {
        }
    }

    public void Dispose()
    {
        if (_converter != 0)
        {
            LibSoxr.Delete(_converter);
            _converter = 0;
        }
    }

    private nuint Process(float* input, nuint length, nuint* consumed)
    {
        var space = _output.GetSpan(Math.Max(1024, (int)(length * _ratio) + 64));
        nuint produced = 0;
        fixed (float* output = space)
        {
            ThrowOn(LibSoxr.Process(_converter, input, length, consumed, output, (nuint)space.Length, &produced));
        }

        _output.Advance((int)produced);
        return produced;
    }

    private static void ThrowOn(byte* error)
    {
        if (error is not null)
        {
            throw new InvalidOperationException($"libsoxr failed: {Marshal.PtrToStringUTF8((nint)error)}");
        }
    }
}
