using Microsoft.Extensions.Options;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Packages;

/// <summary>Checks the ranges; generated, so that nothing is reflected at run time.</summary>
[OptionsValidator]
public sealed partial class MediaOptionsValidator : IValidateOptions<MediaOptions>;
