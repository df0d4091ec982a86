using Microsoft.Extensions.Options;

namespace Multimodal.Inference.Batching;

/// <summary>Checks <see cref="BatchingOptions"/> with generated code, without reflection.</summary>
[OptionsValidator]
public sealed partial class BatchingOptionsValidator : IValidateOptions<BatchingOptions>;
