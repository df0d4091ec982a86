using Multimodal.Inference.Packages;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Online;

namespace Multimodal.Tool.Studies;

/// <summary>Deployed trust settings, and parallel runs of a trust study.</summary>
internal static class DeployedTrust
{
    /// <summary>The trust settings of an ensemble; the defaults if it does not learn trust.</summary>
    public static TrustSettings Settings(EnsemblePackage package)
    {
        var online = package.Trust ?? new EnsembleTrust("fixed-share");
        return new TrustSettings(
            online.Learner, online.Loss, online.Strength, online.Explore, new OnlineSettings { Rate = online.Rate, Share = online.Share });
    }

    /// <summary>Runs a study once per fault, each with a different order of the requests.</summary>
    /// <param name="study">The study.</param>
    /// <param name="set">The requests.</param>
    /// <param name="faults">One fault per run.</param>
    /// <param name="seed">Seed of the first order; later runs use the seeds that follow.</param>
    public static TrustRun[] RunAll(TrustStudy study, RecordedSet set, IReadOnlyList<ExpertFault> faults, int seed)
    {
        var runs = new TrustRun[faults.Count];
        Parallel.For(0, runs.Length, run => runs[run] = study.Run(set.Shuffled(new Random(seed + run)), faults[run]));
        return runs;
    }
}
