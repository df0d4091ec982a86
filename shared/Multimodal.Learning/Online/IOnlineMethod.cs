namespace Multimodal.Learning.Online;

/// <summary>The update rule of an online learner. Stateless. One class per method, found by name in <see cref="OnlineLearners"/>.</summary>
internal interface IOnlineMethod
{
    string Name { get; }

    /// <summary>Whether its answer is the pool of the opinions by its weights. If not, it only supports labels.</summary>
    bool PoolsOpinions => true;

    /// <summary>
    /// Its numbers before the first feedback, by name. Their lengths are fixed unless <see cref="IsValidLength"/> allows others.
    /// </summary>
    IReadOnlyDictionary<string, double[]> Start(int experts);

    /// <summary>Whether the numbers of a name may have a length.</summary>
    bool IsValidLength(string name, int length, int experts, OnlineState state) => length == Start(experts)[name].Length;

    /// <summary>
    /// ln p per label of its answer; null if the answer is the pool of the opinions by its weights. At least one expert is awake.
    /// </summary>
    double[]? Answer(OnlineState state, OnlineOpinions opinions) => null;

    /// <summary>Computes ln of the share of every expert, awake or not, up to a common term; minus infinity for a share of 0.</summary>
    void LogShares(OnlineState state, Span<double> logShares);

    /// <summary>Its numbers after a feedback. At least one expert was awake.</summary>
    /// <param name="state">The state so far; not modified.</param>
    /// <param name="loss">Scores the forecasts.</param>
    /// <param name="opinions">The opinions with the weights of the prediction.</param>
    /// <param name="truth">The index of the true label, or the true value.</param>
    IReadOnlyDictionary<string, double[]> Update(OnlineState state, IOnlineLoss loss, OnlineOpinions opinions, double truth);
}
