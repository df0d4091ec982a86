using System.Runtime.InteropServices;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Sessions;

namespace Multimodal.Bench.GpuCheck;

/// <summary>Runs the same rows through two sessions of one model.</summary>
internal static class SessionComparison
{
    /// <summary>Compares outputs row by row.</summary>
    /// <param name="reference">Reference session.</param>
    /// <param name="other">Session under test.</param>
    /// <param name="rows">Rows in total, a multiple of <paramref name="batch"/>.</param>
    /// <param name="batch">Rows per run.</param>
    /// <param name="seed">Seed of the rows' content.</param>
    public static OutputDifference Compare(OnnxSession reference, OnnxSession other, int rows, int batch, int seed)
    {
        var random = new Random(seed);
        double largest = 0, scale = 0;
        var changed = 0;
        for (var done = 0; done < rows; done += batch)
        {
            var inputs = Enumerable.Range(0, batch).Select(_ => Row(reference.Row, random)).ToArray();
            var (expected, actual) = (Outputs(reference, inputs), Outputs(other, inputs));
            for (var i = 0; i < batch; i++)
            {
                changed += TopLabel(expected[i]) == TopLabel(actual[i]) ? 0 : 1;
                for (var j = 0; j < expected[i].Length; j++)
                {
                    // A NaN on either side must not compare as equal.
                    var difference = Math.Abs((double)expected[i][j] - actual[i][j]);
                    largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
                    scale = Math.Max(scale, Math.Abs(expected[i][j]));
                }
            }
        }

        return new OutputDifference(rows, changed, largest, scale);
    }

    /// <summary>Median duration of one run over zeros, after one warm-up run.</summary>
    /// <param name="session">The session.</param>
    /// <param name="batch">Rows per run.</param>
    /// <param name="runs">Number of measured runs, at least 1.</param>
    /// <param name="time">The clock.</param>
    public static TimeSpan Measure(OnnxSession session, int batch, int runs, TimeProvider time)
    {
        Run();
        var taken = new TimeSpan[runs];
        for (var i = 0; i < runs; i++)
        {
            var start = time.GetTimestamp();
            Run();
            taken[i] = time.GetElapsedTime(start);
        }

        Array.Sort(taken);
        return taken[runs / 2];

        void Run() => session.Run(batch, static (_, row) => row.Clear(), static (_, _) => { }, CancellationToken.None);
    }

    private static float[][] Outputs(OnnxSession session, byte[][] inputs)
    {
        var outputs = new float[inputs.Length][];
        session.Run(inputs.Length, (i, row) => inputs[i].CopyTo(row), (i, output) => outputs[i] = output.ToArray(), CancellationToken.None);
        return outputs;
    }

    /// <summary>Floats uniform in [-1, 1); integers 0 or 1, which are valid ids in every vocabulary.</summary>
    private static byte[] Row(TensorRow row, Random random)
    {
        var bytes = new byte[row.ByteLength];
        if (row.Element == TensorElement.Int64)
        {
            foreach (ref var value in MemoryMarshal.Cast<byte, long>(bytes.AsSpan()))
            {
                value = random.Next(2);
            }
        }
        else
        {
            foreach (ref var value in MemoryMarshal.Cast<byte, float>(bytes.AsSpan()))
            {
                value = (random.NextSingle() * 2) - 1;
            }
        }

        return bytes;
    }

    private static int TopLabel(float[] output) => Array.IndexOf(output, output.Max());
}
