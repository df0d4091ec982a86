using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Training;

/// <summary>
/// Cross-validation committees (Krogh and Vedelsby 1995; Parmanto, Munro and Doyle 1996). Each member trains on all parts of the examples
/// but one and uses that part to decide when to stop. The committee is the mean of its members: it uses every example for training, and the
/// mean reduces the variance of a single training. The result is an ordinary gate or combiner.
/// </summary>
public static class Committee
{
    /// <summary>Trains a gate whose outputs are the mean of its members' outputs.</summary>
    /// <param name="parts">At least two, of the same shape, each with an example and from other sources than the rest.</param>
    /// <param name="options">How to train each member.</param>
    /// <param name="run">Randomness, progress and cancellation.</param>
    /// <exception cref="ArgumentException">
    /// The parts do not match, an option is out of range, or gates of the kind have no mean.
    /// </exception>
    public static GateState TrainGate(IReadOnlyList<RecordedSet> parts, TrainingOptions options, TrainingRun run)
    {
        options.Check();
        Check(parts);
        Gates.Table[options.Gate].CheckCanAverage(parts[0], options.HiddenUnits, parts.Count);
        var scaling = GateTrainer.ScalingOf(All(parts), options);
        return GateMean.Of(Members(parts, run, (train, dev, member) => GateTrainer.Train(train, dev, scaling, options, member)));
    }

    /// <summary>
    /// Trains a combiner whose scores are the mean of its members' scores, in the form with the lowest mean NLL on the members' dev parts.
    /// Its temperature is the geometric mean of theirs.
    /// </summary>
    /// <param name="parts">At least two, of the same shape, each with an example and from other sources than the rest.</param>
    /// <param name="gate">The gate whose selections the combiner sees.</param>
    /// <param name="options">How to train each member; hidden units do not apply.</param>
    /// <param name="run">Randomness, progress and cancellation.</param>
    /// <exception cref="ArgumentException">The parts or the gate do not match, or an option is out of range.</exception>
    public static CombinerState TrainCombiner(IReadOnlyList<RecordedSet> parts, IGate gate, TrainingOptions options, TrainingRun run)
    {
        options.Check();
        Check(parts);
        var all = All(parts);
        var setup = new CombinerSetup(gate, GateTrainer.ScalingOf(all, options), options);
        var best = Mean(FusionForms.Table.Names
            .Select(form => Members(parts, run, (train, dev, member) => CombinerTrainer.TrainForm(form, train, dev, setup, member)))
            .MinBy(members => members.Average(member => member.DevNll))!);
        var powers = Members(parts, run, (train, dev, member) => StackingObjective.Fit(train, dev, options, member));
        return best with
        {
            GainWeights = ExpectedGainTrainer.Fit(all, gate, new LearnedRule(best), run.CancellationToken),
            Accuracies = StackingObjective.Accuracies(all),
            Powers = RowMean.Of(powers),
        };
    }

    // Scores are linear in the parameters, so the mean of the parameters gives the mean of the scores.
    private static CombinerState Mean((CombinerState State, double DevNll)[] members)
    {
        CombinerState[] states = [.. members.Select(member => member.State)];
        return states[0] with
        {
            SharedWeights = RowMean.Of([.. states.Select(state => state.SharedWeights)]),
            ExpertWeights = RowMean.Of([.. states.Select(state => state.ExpertWeights)]),
            FeatureWeights = RowMean.Of([.. states.Select(state => state.FeatureWeights)]),
            Temperature = Math.Exp(states.Average(state => Math.Log(state.Temperature))),
        };
    }

    // Each member has its own random source, so the length of one training does not affect the others.
    private static T[] Members<T>(IReadOnlyList<RecordedSet> parts, TrainingRun run, Func<RecordedSet, RecordedSet, TrainingRun, T> train)
    {
        int[] seeds = [.. parts.Select(_ => run.Random.Next())];
        var members = new T[parts.Count];
        for (var m = 0; m < members.Length; m++)
        {
            run.CancellationToken.ThrowIfCancellationRequested();
            var name = $"{m + 1}/{parts.Count}";
            var others = All([.. parts.Where((_, part) => part != m)]);
            members[m] = train(others, parts[m], run with
            {
                Random = new Random(seeds[m]),
                Progress = progress => run.Progress?.Invoke(progress with { Phase = $"{progress.Phase} {name}" }),
            });
        }

        return members;
    }

    private static void Check(IReadOnlyList<RecordedSet> parts)
    {
        if (parts.Count < 2 || parts.Any(part => part.Examples.Count == 0))
        {
            throw new ArgumentException(
                "A committee needs at least two parts, each with an example. Use at most as many members as examples.");
        }
    }

    private static RecordedSet All(IReadOnlyList<RecordedSet> parts) =>
        parts[0] with { Examples = [.. parts.SelectMany(part => part.Examples)] };
}
