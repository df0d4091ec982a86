namespace Multimodal.Inference.Preprocessing;

/// <summary>The element type of a tensor.</summary>
public enum TensorElement
{
    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>Signed 64-bit integer.</summary>
    Int64,
}
