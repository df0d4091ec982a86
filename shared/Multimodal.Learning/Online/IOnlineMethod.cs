namespace Multimodal.Learning.Online;

/// <summary>The part of an online learner that differs from the others. Stateless. One class per method, found by its name.</summary>
internal interface IOnlineMethod
{
    string Name { get; }

    /// <summary>Whether its answer is the opinions pooled by its weights; if not, it knows labels only.</summary>
    bool PoolsOpinions => true;

    /// <summary>Its numbers before the first feedback, by name; their lengths never change, unless <see cref="IsValidLength"/> says otherwise.</summary>
    IReadOnlyDictionary<string, double[]> Start(int experts);

    /// <summary>Whether numbers of this length can be part of the state.</summary>
    bool IsValidLength(string name, int length, int experts, OnlineState state) => length == Start(experts)[name].Length;

    /// <summary>The answer, when it is not the opinions combined by the weights: ln p per label; else null. Somebody is awake.</summary>
    double[]? Answer(OnlineState state, OnlineOpinions opinions) => null;

    /// <summary>ln of every expert's share, awake or not, up to a common term; minus infinity for none.</summary>
    void LogShares(OnlineState state, Span<double> logShares);

    /// <summary>Its numbers after a feedback in which somebody was awake.</summary>
    /// <param name="state">The state so far; not modified.</param>
    /// <param name="loss">How the truth judges.</param>
    /// <param name="opinions">As recorded when the prediction was made, with the weights of then.</param>
    /// <param name="truth">A label's position, or a value.</param>
    IReadOnlyDictionary<string, double[]> Update(OnlineState state, IOnlineLoss loss, OnlineOpinions opinions, double truth);
}
