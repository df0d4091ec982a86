using Multimodal.Learning.Data;

namespace Multimodal.Learning.Online;

/// <summary>
/// The losses by name: <c>log</c>, <c>brier</c> and <c>zero-one</c> for distributions over labels, <c>square</c> for values.
/// </summary>
public static class OnlineLosses
{
    private static readonly IOnlineLoss[] All = [new LogLoss(), new BrierLoss(), new ZeroOneLoss(), new SquareLoss()];

    internal static NamedTable<IOnlineLoss> Table { get; } = new("loss", All.Select(loss => KeyValuePair.Create(loss.Name, loss)));

    /// <summary>All names, sorted.</summary>
    public static IReadOnlyList<string> Names => Table.Names;
}
