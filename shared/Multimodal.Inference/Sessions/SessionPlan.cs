namespace Multimodal.Inference.Sessions;

/// <summary>How a model is loaded and run.</summary>
/// <param name="MaxBatch">Largest number of rows in one run.</param>
/// <param name="Sessions">Number of ONNX Runtime sessions, at least 1.</param>
/// <param name="BindsMemory">Whether input and output are bound to the device's memory (for GPUs).</param>
internal readonly record struct SessionPlan(int MaxBatch, int Sessions = 1, bool BindsMemory = false);
