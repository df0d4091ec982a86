namespace Multimodal.Inference.Preprocessing;

/// <summary>The type and shape of one item in an input tensor, without the batch axis.</summary>
/// <param name="Element">The element type.</param>
/// <param name="Shape">The extents, all positive.</param>
public sealed record TensorRow(TensorElement Element, IReadOnlyList<int> Shape)
{
    /// <summary>Number of elements.</summary>
    /// <exception cref="OverflowException">The number exceeds 2^31 - 1.</exception>
    public int Length => Shape.Aggregate(1, (product, extent) => checked(product * extent));

    /// <summary>Size in bytes.</summary>
    /// <exception cref="OverflowException">The size exceeds 2^31 - 1.</exception>
    public int ByteLength => checked(Length * (Element == TensorElement.Int64 ? sizeof(long) : sizeof(float)));
}
