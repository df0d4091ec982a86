using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;

namespace Multimodal.Learning.Training;

/// <summary>
/// Adds an expert to a trained gate and combiner, or removes one. The parameters of the other experts do not change, to the bit, so every
/// answer without the new expert stays the same.
/// </summary>
public static class ExpertGrowth
{
    /// <summary>
    /// Adds the last expert of a sample to a gate. Its row starts as the mean of the rows of its siblings (the experts of its modality,
    /// else all), and is fitted to the sample with L + l2 |theta - start|^2 / 2 per example. L is the mixture likelihood plus the expected
    /// cost within its modality.
    /// </summary>
    /// <param name="gate">
    /// A gate of any kind except <c>hierarchical</c>, which trains modalities together with their experts, and the gates of pairs, which
    /// have a network for each pair.
    /// </param>
    /// <param name="sample">Labelled requests; its experts are those of the gate, in the same order, then the new one.</param>
    /// <param name="options">How to fit; null for the defaults, which suit about fifty requests.</param>
    /// <param name="cancellationToken">Stops the training with an exception.</param>
    /// <exception cref="ArgumentException">The sample does not match the gate, or gates of its kind cannot grow.</exception>
    public static GateState Add(
        GateState gate, RecordedSet sample, GrowthOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new GrowthOptions();
        Check(gate.Experts, gate.Scaling, sample);
        var siblings = Siblings(sample);
        var kind = Gates.Table[gate.Kind ?? Gates.DefaultKind];
        if (gate.Weights.Count != gate.Experts.Count || gate.Tables is not null)
        {
            throw new ArgumentException($"A gate of kind {kind.Name} cannot grow. To add the expert, train it again with all experts.");
        }

        var wider = gate with
        {
            Experts = [.. gate.Experts, sample.Experts[^1].Name],
            Weights = [.. gate.Weights, Mean(gate.Weights, siblings)],
            Bias = [.. gate.Bias, siblings.Average(e => gate.Bias[e])],
            Hidden = gate.Hidden is not { } hidden ? null : hidden with { Output = [.. hidden.Output, Mean(hidden.Output, siblings)] },
        };
        var grown = Fit(wider, kind, sample, options, cancellationToken);
        return wider with
        {
            Weights = [.. gate.Weights, grown.Weights[^1]],
            Bias = [.. gate.Bias, grown.Bias[^1]],
            Hidden = gate.Hidden is not { } old ? null : old with { Output = [.. old.Output, grown.Hidden!.Output[^1]] },
        };
    }

    /// <summary>
    /// Adds the last expert of a sample to a combiner. Its opinions are weighted like the mean of its siblings' opinions, without an effect
    /// of the features, because those are specific to a sibling. Its accuracy is that on the sample, with one correct of two requests
    /// added.
    /// </summary>
    /// <param name="combiner">The combiner.</param>
    /// <param name="sample">Labelled requests; its experts are those of the combiner, in the same order, then the new one.</param>
    /// <exception cref="ArgumentException">The sample does not match the combiner.</exception>
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

    /// <summary>Removes an expert from a gate.</summary>
    /// <exception cref="ArgumentException">The gate does not have it, or it is the only one.</exception>
    public static GateState Remove(GateState gate, string expert)
    {
        var removed = IndexOf(gate.Experts, expert);
        if (gate.Pairs is not null || gate.Tables is not null)
        {
            int[] kept = [.. Enumerable.Range(0, gate.Experts.Count).Where(e => e != removed)];
            return gate with
            {
                Experts = Without(gate.Experts, [removed]),
                Modalities = Without(gate.Modalities!, [removed]),
                Pairs = KeptEntries(gate.Pairs, kept),
                Tables = KeptEntries(gate.Tables, kept),
            };
        }

        List<int> rows = [gate.Weights.Count - gate.Experts.Count + removed];
        if (gate.Modalities is { } modalities && modalities.Count(m => m == modalities[removed]) == 1)
        {
            // The expert is the last of its modality, so the modality's row is removed too.
            rows.Add(Array.IndexOf([.. modalities.Distinct().Order(StringComparer.Ordinal)], modalities[removed]));
        }

        return gate with
        {
            Experts = Without(gate.Experts, [removed]),
            Modalities = gate.Modalities is null ? null : Without(gate.Modalities, [removed]),
            Weights = Without(gate.Weights, rows),
            Bias = Without(gate.Bias, rows),
            Hidden = gate.Hidden is not { } hidden ? null : hidden with { Output = Without(hidden.Output, rows) },
        };
    }

    /// <summary>Removes an expert from a combiner. A combiner that does not have it is returned unchanged.</summary>
    public static CombinerState Remove(CombinerState combiner, string expert)
    {
        if (!combiner.Experts.Contains(expert))
        {
            return combiner;
        }

        var experts = combiner.Experts.Count;
        var removed = IndexOf(combiner.Experts, expert);
        int[] rows = [.. Enumerable.Range(0, combiner.ExpertWeights.Count / experts).Select(output => output * experts + removed)];
        return combiner with
        {
            Experts = Without(combiner.Experts, [removed]),
            ExpertWeights = Without(combiner.ExpertWeights, rows),
            FeatureWeights = Without(combiner.FeatureWeights, rows),
            Accuracies = combiner.Accuracies is null ? null : Without(combiner.Accuracies, [removed]),
            Powers = combiner.Powers is null ? null : Without(combiner.Powers, [removed]),
        };
    }

    private static GateState Fit(
        GateState wider, IGateKind kind, RecordedSet sample, GrowthOptions options, CancellationToken cancellationToken)
    {
        // The state has no parameters of the training losses of sparse kinds, so the new row is fitted with the dense loss.
        var dense = kind is LaplaceKind ? kind : new SoftKind();
        var network = dense.CreateNetwork(sample, wider.Hidden?.Bias.Count ?? 0);
        var start = kind is LaplaceKind ? DistanceNetwork.From(wider) : GateNetwork.From(wider);
        var prepared = new PreparedSet(sample, wider.Scaling);
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
        var full = new GateObjective(prepared, prepared, dense, network, sample.Experts, training);
        var objective = new RowObjective(full, network.ParametersOf(wider.Experts.Count - 1), start, options.L2);
        var moved = new double[objective.Length];

        // One batch per step and no dropout, so the random source has no effect.
        Descent.Run(objective, moved, training, "growth", new TrainingRun(new Random(0)) { CancellationToken = cancellationToken });
        return dense.WithParameters(wider, network, objective.Apply(moved), sample.Experts);
    }

    private static int IndexOf(IReadOnlyList<string> experts, string expert) =>
        experts.Count > 1 && experts.Contains(expert)
            ? experts.Index().First(e => e.Item == expert).Index
            : throw new ArgumentException($"'{expert}' must be one of several experts, but the experts are {string.Join(", ", experts)}.");

    private static void Check(IReadOnlyList<string> experts, FeatureScaling scaling, RecordedSet sample)
    {
        sample.Check();
        string[] names = [.. sample.Experts.Select(e => e.Name)];
        if (names.Length != experts.Count + 1 || !names[..^1].SequenceEqual(experts) || !sample.Features.SequenceEqual(scaling.Features)
            || !sample.Examples.Any(example => example.Opinions[^1] is not null))
        {
            throw new ArgumentException(
                $"The sample has the experts {string.Join(", ", names)}. "
                + $"It must have {string.Join(", ", experts)} and the new expert with at least one opinion, and the same features.",
                nameof(sample));
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

    // The rows of all experts for the first output, then for the second, and so on.
    private static IReadOnlyList<double>[] Wider(
        IReadOnlyList<IReadOnlyList<double>> rows, int experts, Func<IReadOnlyList<IReadOnlyList<double>>, IReadOnlyList<double>> added) =>
        [.. rows.Chunk(experts).SelectMany(output => output.Append(added(output)))];

    private static T[]? KeptEntries<T>(IReadOnlyList<T>? entries, int[] kept) => entries is null
        ? null
        : [.. kept.SelectMany(j => kept.Where(i => i <= j).Select(i => entries[PairsNetwork.IndexOf(i, j)]))];

    private static T[] Without<T>(IReadOnlyList<T> rows, IReadOnlyCollection<int> removed) =>
        [.. rows.Where((_, row) => !removed.Contains(row))];
}
