using Microsoft.Extensions.Options;

namespace Multimodal.Inference.Batching;

/// <summary>Checks ranges and the rule between options; generated, so that nothing is reflected at run time.</summary>
[OptionsValidator]
public sealed partial class BatchingOptionsValidator : IValidateOptions<BatchingOptions>;
