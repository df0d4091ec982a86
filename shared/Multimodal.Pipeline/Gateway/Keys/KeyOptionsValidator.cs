using Microsoft.Extensions.Options;

namespace Multimodal.Pipeline.Gateway.Keys;

/// <summary>Checks the values of one key.</summary>
[OptionsValidator]
internal sealed partial class KeyOptionsValidator : IValidateOptions<KeyOptions>;
