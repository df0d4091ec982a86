using Multimodal.Inference.Packages;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Online;

namespace Multimodal.Tool.Studies;

/// <summary>The trust settings of an ensemble.</summary>
internal static class DeployedTrust
{
    /// <summary>What the service uses for this ensemble; the defaults if the ensemble does not learn trust.</summary>
    public static TrustSettings Settings(EnsemblePackage package)
    {
        var online = package.Trust ?? new EnsembleTrust("fixed-share");
        return new TrustSettings(
            online.Learner, online.Loss, online.Strength, online.Explore, new OnlineSettings { Rate = online.Rate, Share = online.Share });
    }
}
