using Microsoft.Extensions.Options;

namespace Multimodal.Inference.Sessions;

/// <summary>Checks the ranges of <see cref="ExecutionOptions"/> with generated code, without reflection.</summary>
[OptionsValidator]
public sealed partial class ExecutionOptionsValidator : IValidateOptions<ExecutionOptions>;
