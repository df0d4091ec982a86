using Microsoft.Extensions.Options;

namespace Multimodal.Inference.Media;

/// <summary>Checks the ranges; generated, so that nothing is reflected at run time.</summary>
[OptionsValidator]
public sealed partial class MediaOptionsValidator : IValidateOptions<MediaOptions>;
