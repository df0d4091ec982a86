namespace Multimodal.Inference.Preprocessing;

/// <summary>Element type of a tensor.</summary>
public enum TensorElement
{
    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>Signed 64-bit integers.</summary>
    Int64,
}
