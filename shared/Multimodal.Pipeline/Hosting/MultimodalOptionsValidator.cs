using Microsoft.Extensions.Options;

namespace Multimodal.Pipeline.Hosting;

/// <summary>Validates all settings and reports all errors at once.</summary>
[OptionsValidator]
internal sealed partial class MultimodalOptionsValidator : IValidateOptions<MultimodalOptions>;
