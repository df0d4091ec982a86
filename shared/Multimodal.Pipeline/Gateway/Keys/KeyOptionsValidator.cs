using Microsoft.Extensions.Options;

namespace Multimodal.Pipeline.Gateway.Keys;

/// <summary>Validates one key.</summary>
[OptionsValidator]
internal sealed partial class KeyOptionsValidator : IValidateOptions<KeyOptions>;
