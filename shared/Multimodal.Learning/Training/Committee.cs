using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Training;

/// <summary>
/// A cross-validation committee (Krogh and Vedelsby 1995; Parmanto, Munro and Doyle 1996): a member per part of the examples, trained on
/// the others and stopped by its own, and the mean of what the members say. No example is lost to deciding when to stop, and what one draw of
/// the training or one held-out part decides by chance is averaged away. The mean is a gate or a combiner like any other.
/// </summary>
public static class Committee
{
    /// <summary>Trains a gate whose outputs are the mean of its members'.</summary>
    /// <param name="parts">At least two, of the same shape, each of sources that the others do not have and with an example.</param>
    /// <param name="options">How to train each.</param>
    /// <param name="random">Seeded by the caller: the same seed and parts give the same gate.</param>
    /// <param name="progress">Called after each pass of each member.</param>
    /// <param name="cancellationToken">Stops training with an exception.</param>
    /// <exception cref="ArgumentException">The parts do not fit each other, an option is out of range, or gates of the kind have no mean.</exception>
    public static GateState TrainGate(
        IReadOnlyList<RecordedSet> parts, TrainingOptions options, Random random,
        Action<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options.Check();
        Check(parts);
        Gates.Table[options.Gate].CheckMean(parts[0], options.HiddenUnits, parts.Count);
        var scaling = GateTrainer.ScalingOf(All(parts), options);
        return GateMean.Of(Members(
            parts, random, progress, (train, dev, chance, report) => GateTrainer.Train(train, dev, scaling, options, chance, report, cancellationToken), cancellationToken));
    }

    /// <summary>
    /// Trains a combiner whose scores are the mean of its members', in the form with the least mean NLL on the members' own parts. Its temperature is the
    /// geometric mean of theirs.
    /// </summary>
    /// <param name="parts">As for a gate.</param>
    /// <param name="gate">The gate it will stand behind.</param>
    /// <param name="options">How to train each; hidden units do not apply.</param>
    /// <param name="random">Seeded by the caller.</param>
    /// <param name="progress">Called after each pass of each member.</param>
    /// <param name="cancellationToken">Stops training with an exception.</param>
    /// <exception cref="ArgumentException">The parts or the gate do not fit each other, or an option is out of range.</exception>
    public static CombinerState TrainCombiner(
        IReadOnlyList<RecordedSet> parts, IGate gate, TrainingOptions options, Random random,
        Action<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options.Check();
        Check(parts);
        var all = All(parts);
        var scaling = GateTrainer.ScalingOf(all, options);
        var best = Mean(FusionForms.Table.Names
            .Select(form => Members(
                parts, random, progress,
                (train, dev, chance, report) => CombinerTrainer.TrainForm(form, train, dev, scaling, gate, options, chance, report, cancellationToken),
                cancellationToken))
            .MinBy(members => members.Average(member => member.DevNll))!);
        var powers = Members(
            parts, random, progress, (train, dev, chance, report) => StackingObjective.Fit(train, dev, options, chance, report, cancellationToken), cancellationToken);
        return best with
        {
            Asking = AskingTrainer.Fit(all, gate, new LearnedRule(best), cancellationToken),
            Accuracies = StackingObjective.Accuracies(all),
            Powers = RowMean.Of(powers),
        };
    }

    // Scores are linear in the parameters, so the mean of the parameters scores as the mean of the members.
    private static CombinerState Mean((CombinerState State, double DevNll)[] members)
    {
        CombinerState[] states = [.. members.Select(member => member.State)];
        return states[0] with
        {
            Prior = RowMean.Of([.. states.Select(state => state.Prior)]),
            Own = RowMean.Of([.. states.Select(state => state.Own)]),
            Inputs = RowMean.Of([.. states.Select(state => state.Inputs)]),
            Temperature = Math.Exp(states.Average(state => Math.Log(state.Temperature))),
        };
    }

    // Each member has its own chance, so that none depends on how long another trained.
    private static T[] Members<T>(
        IReadOnlyList<RecordedSet> parts, Random random, Action<TrainingProgress>? progress,
        Func<RecordedSet, RecordedSet, Random, Action<TrainingProgress>, T> train, CancellationToken cancellationToken)
    {
        int[] seeds = [.. parts.Select(_ => random.Next())];
        var members = new T[parts.Count];
        for (var m = 0; m < members.Length; m++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = $"{m + 1}/{parts.Count}";
            var others = All([.. parts.Where((_, part) => part != m)]);
            members[m] = train(others, parts[m], new Random(seeds[m]), at => progress?.Invoke(at with { Phase = $"{at.Phase} {name}" }));
        }

        return members;
    }

    private static void Check(IReadOnlyList<RecordedSet> parts)
    {
        if (parts.Count < 2 || parts.Any(part => part.Examples.Count == 0))
        {
            throw new ArgumentException("A committee needs two parts or more, each with an example: no more members than examples.");
        }
    }

    private static RecordedSet All(IReadOnlyList<RecordedSet> parts) => parts[0] with { Examples = [.. parts.SelectMany(part => part.Examples)] };
}
