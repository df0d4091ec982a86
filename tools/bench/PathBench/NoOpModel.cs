using System.Text;

namespace Multimodal.Bench.PathBench;

/// <summary>
/// The ONNX model logits = Cast(ids), [batch, width], integers to floats (IR version 8, opset 17, field numbers from onnx.proto). A test compares it with
/// the output of the tests' ONNX writer.
/// </summary>
internal static class NoOpModel
{
    private const int Float = 1;
    private const int Int64 = 7;

    /// <summary>Returns the model file.</summary>
    public static byte[] Bytes(int width)
    {
        byte[] toFloat = [.. Text(1, "to"), .. Number(3, Float), .. Number(20, 2)];
        byte[] node = [.. Text(1, "ids"), .. Text(2, "logits"), .. Text(4, "Cast"), .. Field(5, toFloat)];
        byte[] graph = [.. Text(2, "test"), .. Field(11, Value("ids", Int64, width)), .. Field(12, Value("logits", Float, width)), .. Field(1, node)];
        byte[] opset = [.. Text(1, ""), .. Number(2, 17)];
        return [.. Number(1, 8), .. Text(2, "multimodal-tests"), .. Field(7, graph), .. Field(8, opset)];
    }

    private static byte[] Value(string name, int type, int width)
    {
        byte[] extents = [.. Field(1, Text(2, "axis0")), .. Field(1, Number(1, width))];
        byte[] tensor = [.. Number(1, type), .. Field(2, extents)];
        return [.. Text(1, name), .. Field(2, Field(1, tensor))];
    }

    private static byte[] Number(int field, long value) => [.. Varint((ulong)field << 3), .. Varint((ulong)value)];

    private static byte[] Text(int field, string value) => Field(field, Encoding.UTF8.GetBytes(value));

    private static byte[] Field(int field, byte[] content) => [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)content.Length), .. content];

    private static IEnumerable<byte> Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }
}
