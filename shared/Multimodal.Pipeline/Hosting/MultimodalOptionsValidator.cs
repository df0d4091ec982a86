using Microsoft.Extensions.Options;

namespace Multimodal.Pipeline.Hosting;

/// <summary>Checks every range of the tree and reports all mistakes at once.</summary>
[OptionsValidator]
internal sealed partial class MultimodalOptionsValidator : IValidateOptions<MultimodalOptions>;
