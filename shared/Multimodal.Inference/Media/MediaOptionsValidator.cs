using Microsoft.Extensions.Options;

namespace Multimodal.Inference.Media;

/// <summary>Checks the ranges of <see cref="MediaOptions"/> with generated code, without reflection.</summary>
[OptionsValidator]
public sealed partial class MediaOptionsValidator : IValidateOptions<MediaOptions>;
