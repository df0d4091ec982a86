using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;

namespace Multimodal.Learning.Training;

/// <summary>The inputs that all forms and all committee members of one combiner training share.</summary>
/// <param name="Gate">The gate whose selections the combiner sees.</param>
/// <param name="Scaling">Scaling of the features.</param>
/// <param name="Options">How to train.</param>
internal sealed record CombinerSetup(IGate Gate, FeatureScaling Scaling, TrainingOptions Options);
