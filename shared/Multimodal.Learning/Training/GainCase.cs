using Multimodal.Learning.Fusion;

namespace Multimodal.Learning.Training;

/// <summary>One expert that could have been asked at one moment of a recorded request.</summary>
/// <param name="Signals">See <see cref="ExpectedGain.Signals"/>.</param>
/// <param name="ErrorProbability">1 - c of the answer without it, in [0, 1].</param>
/// <param name="Gain">What its opinion gained, in [-1, 1].</param>
internal readonly record struct GainCase(double[] Signals, double ErrorProbability, double Gain);
