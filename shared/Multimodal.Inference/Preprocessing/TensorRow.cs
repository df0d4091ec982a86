namespace Multimodal.Inference.Preprocessing;

/// <summary>One item's share of an input tensor, without the batch axis.</summary>
/// <param name="Element">Element type.</param>
/// <param name="Shape">Extents, all positive.</param>
public sealed record TensorRow(TensorElement Element, IReadOnlyList<int> Shape)
{
    /// <summary>Number of elements.</summary>
    public int Length => Shape.Aggregate(1, (product, extent) => checked(product * extent));

    /// <summary>Size in bytes.</summary>
    public int ByteLength => checked(Length * (Element == TensorElement.Int64 ? sizeof(long) : sizeof(float)));
}
