using Multimodal.Learning.Data;

namespace Multimodal.Learning.Online;

/// <summary>The online learners by name.</summary>
public static class OnlineLearners
{
    private static readonly IOnlineMethod[] All =
        [new HedgeMethod(), new FixedShareMethod(), new MlPolyMethod(), new BoaMethod(), new MoeFilterMethod(), new ConfusionMethod()];

    /// <summary>All learners; each is stateless and thread-safe.</summary>
    public static NamedTable<OnlineLearner> Table { get; } =
        new("online learner", All.Select(method => KeyValuePair.Create(method.Name, new OnlineLearner(method))));
}
