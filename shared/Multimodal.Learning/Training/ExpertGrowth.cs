using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;

namespace Multimodal.Learning.Training;

/// <summary>
/// Brings an expert into a trained gate and combiner, or takes one out, without touching what they know of the others: their rows stay bit
/// for bit, so wherever the new expert is not asked every answer is what it was.
/// </summary>
public static class ExpertGrowth
{
    /// <summary>
    /// Adds the sample's last expert to a gate. Its row starts as the mean of its siblings' (the experts of its modality, else all), the guess of
    /// somebody who knows only what it sees, and moves from there as far as the sample pays for:
    /// L + tie |theta - start|^2 / 2 per example, with the mixture likelihood and the choice within its modality as L.
    /// </summary>
    /// <param name="gate">
    /// Of any kind but <c>hierarchical</c>, whose modalities are trained with their experts, and <c>pairs</c>, which has a network for each two.
    /// </param>
    /// <param name="sample">Labelled requests; its experts are the gate's, in the same order, then the new one.</param>
    /// <param name="options">How tied, how long; <see cref="GrowthOptions"/> has defaults for about fifty requests.</param>
    /// <param name="cancellationToken">Stops with an exception.</param>
    /// <exception cref="ArgumentException">The sample does not fit the gate, or gates of its kind cannot grow.</exception>
    public static GateState Add(GateState gate, RecordedSet sample, GrowthOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new GrowthOptions();
        Check(gate.Experts, gate.Scaling, sample);
        var siblings = Siblings(sample);
        var trained = Gates.Table[gate.Kind ?? Gates.DefaultKind];
        if (gate.Weights.Count != gate.Experts.Count || gate.Tables is not null)
        {
            throw new ArgumentException($"A {trained.Name} gate cannot take an expert in; train it again with all of them.");
        }

        var wider = gate with
        {
            Experts = [.. gate.Experts, sample.Experts[^1].Name],
            Weights = [.. gate.Weights, Mean(gate.Weights, siblings)],
            Bias = [.. gate.Bias, siblings.Average(e => gate.Bias[e])],
            Hidden = gate.Hidden is not { } hidden ? null : hidden with { Output = [.. hidden.Output, Mean(hidden.Output, siblings)] },
        };

        // What the sparse kinds were trained with beside the logits is not in the state: the new row is fitted densely.
        var dense = trained is LaplaceKind ? trained : new SoftKind();
        var network = dense.CreateNetwork(sample, gate.Hidden?.Bias.Count ?? 0);
        var start = trained is LaplaceKind ? DistanceNetwork.From(wider) : GateNetwork.From(wider);
        var prepared = new PreparedSet(sample, gate.Scaling);
        var training = new TrainingOptions
        {
            BatchSize = sample.Examples.Count,
            Epochs = options.Steps,
            Patience = options.Steps,
            LearningRate = options.LearningRate,
            L2 = options.L2,
            ModalityDropout = 0,
            FeatureDropout = 0,
        };
        var objective = new RowObjective(new GateObjective(prepared, prepared, dense, network, sample.Experts, training), network.ParametersOf(gate.Experts.Count), start, options.L2);
        var moved = new double[objective.Length];

        // One batch per step: there is nothing to shuffle or to draw.
        Descent.Run(objective, moved, training, "growth", new TrainingRun(new Random(0)) { CancellationToken = cancellationToken });
        var grown = dense.WithParameters(wider, network, objective.Apply(moved), sample.Experts);
        return wider with
        {
            Weights = [.. gate.Weights, grown.Weights[^1]],
            Bias = [.. gate.Bias, grown.Bias[^1]],
            Hidden = gate.Hidden is not { } old ? null : old with { Output = [.. old.Output, grown.Hidden!.Output[^1]] },
        };
    }

    /// <summary>
    /// Adds the sample's last expert to a combiner: what it says is judged as the mean of its siblings' opinions is, with no regard to the input (a
    /// sibling's regard is for its own speciality), and it is as accurate as it was on the sample with two requests' worth of doubt.
    /// </summary>
    /// <exception cref="ArgumentException">The sample does not fit the combiner.</exception>
    public static CombinerState Add(CombinerState combiner, RecordedSet sample)
    {
        Check(combiner.Experts, combiner.Scaling, sample);
        var siblings = Siblings(sample);
        return combiner with
        {
            Experts = [.. combiner.Experts, sample.Experts[^1].Name],
            ExpertWeights = Wider(combiner.ExpertWeights, combiner.Experts.Count, rows => Mean(rows, siblings)),
            FeatureWeights = Wider(combiner.FeatureWeights, combiner.Experts.Count, rows => new double[rows[0].Count]),
            Accuracies = combiner.Accuracies is null ? null : [.. combiner.Accuracies, StackingObjective.Accuracies(sample)[^1]],
            Powers = combiner.Powers is not { } powers ? null : [.. powers, siblings.Average(e => powers[e])],
        };
    }

    /// <summary>Takes an expert out of a gate.</summary>
    /// <exception cref="ArgumentException">It is not in the gate, or is the last one.</exception>
    public static GateState Remove(GateState gate, string expert)
    {
        var at = PositionOf(gate.Experts, expert);
        if (gate.Pairs is not null || gate.Tables is not null)
        {
            int[] left = [.. Enumerable.Range(0, gate.Experts.Count).Where(e => e != at)];
            return gate with
            {
                Experts = Without(gate.Experts, [at]),
                Modalities = Without(gate.Modalities!, [at]),
                Pairs = Left(gate.Pairs),
                Tables = Left(gate.Tables),
            };

            T[]? Left<T>(IReadOnlyList<T>? entries) =>
                entries is null ? null : [.. left.SelectMany(j => left.Where(i => i <= j).Select(i => entries[PairsNetwork.IndexOf(i, j)]))];
        }

        var row = gate.Weights.Count - gate.Experts.Count + at;
        List<int> gone = [row];
        if (gate.Modalities is { } modalities && modalities.Count(m => m == modalities[at]) == 1)
        {
            // The last expert of its modality takes the modality's own row with it.
            gone.Add(Array.IndexOf([.. modalities.Distinct().Order(StringComparer.Ordinal)], modalities[at]));
        }

        return gate with
        {
            Experts = Without(gate.Experts, [at]),
            Modalities = gate.Modalities is null ? null : Without(gate.Modalities, [at]),
            Weights = Without(gate.Weights, gone),
            Bias = Without(gate.Bias, gone),
            Hidden = gate.Hidden is not { } hidden ? null : hidden with { Output = Without(hidden.Output, gone) },
        };
    }

    /// <summary>Takes an expert out of a combiner; one that it does not know is out already.</summary>
    public static CombinerState Remove(CombinerState combiner, string expert)
    {
        if (!combiner.Experts.Contains(expert))
        {
            return combiner;
        }

        var experts = combiner.Experts.Count;
        var at = PositionOf(combiner.Experts, expert);
        int[] rows = [.. Enumerable.Range(0, combiner.ExpertWeights.Count / experts).Select(output => output * experts + at)];
        return combiner with
        {
            Experts = Without(combiner.Experts, [at]),
            ExpertWeights = Without(combiner.ExpertWeights, rows),
            FeatureWeights = Without(combiner.FeatureWeights, rows),
            Accuracies = combiner.Accuracies is null ? null : Without(combiner.Accuracies, [at]),
            Powers = combiner.Powers is null ? null : Without(combiner.Powers, [at]),
        };
    }

    private static int PositionOf(IReadOnlyList<string> experts, string expert) =>
        experts.Count > 1 && experts.Contains(expert)
            ? experts.Index().First(e => e.Item == expert).Index
            : throw new ArgumentException($"'{expert}' is not among {string.Join(", ", experts)}, or is the only one.");

    private static void Check(IReadOnlyList<string> experts, FeatureScaling scaling, RecordedSet sample)
    {
        sample.Check();
        string[] names = [.. sample.Experts.Select(e => e.Name)];
        if (names.Length != experts.Count + 1 || !names[..^1].SequenceEqual(experts) || !sample.Features.SequenceEqual(scaling.Features)
            || !sample.Examples.Any(example => example.Opinions[^1] is not null))
        {
            throw new ArgumentException(
                $"The sample holds {string.Join(", ", names)}; needed are {string.Join(", ", experts)}, the new expert with at least one opinion, and the same features.", nameof(sample));
        }
    }

    private static int[] Siblings(RecordedSet sample)
    {
        int[] known = [.. Enumerable.Range(0, sample.Experts.Count - 1)];
        int[] siblings = [.. known.Where(e => sample.Experts[e].Modality == sample.Experts[^1].Modality)];
        return siblings.Length > 0 ? siblings : known;
    }

    private static double[] Mean(IReadOnlyList<IReadOnlyList<double>> rows, int[] among) =>
        [.. Enumerable.Range(0, rows[0].Count).Select(column => among.Average(row => rows[row][column]))];

    // Rows are listed output by output, the experts of each together.
    private static IReadOnlyList<double>[] Wider(
        IReadOnlyList<IReadOnlyList<double>> rows, int experts, Func<IReadOnlyList<IReadOnlyList<double>>, IReadOnlyList<double>> added) =>
        [.. rows.Chunk(experts).SelectMany(output => output.Append(added(output)))];

    private static T[] Without<T>(IReadOnlyList<T> rows, IReadOnlyCollection<int> gone) => [.. rows.Where((_, row) => !gone.Contains(row))];
}
