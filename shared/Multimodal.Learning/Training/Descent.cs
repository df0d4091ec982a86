using System.Numerics.Tensors;
using Multimodal.Learning.Gating;

namespace Multimodal.Learning.Training;

/// <summary>Mini-batch descent with early stopping. Deterministic: all chance comes from the random source passed in.</summary>
internal static class Descent
{
    /// <summary>Moves the parameters to where the dev loss was least, and returns that loss.</summary>
    /// <param name="objective">What to minimise.</param>
    /// <param name="parameters">The start; on return the best seen, which is the start itself if no pass improved on it.</param>
    /// <param name="options">Epochs, batch size and so on.</param>
    /// <param name="random">Shuffling and dropout.</param>
    /// <param name="phase">For the progress report.</param>
    /// <param name="progress">Called after each pass.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static double Run(
        IObjective objective, double[] parameters, TrainingOptions options, Random random,
        string phase, Action<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        double[] best = [.. parameters];
        var bestLoss = objective.DevLoss(parameters);
        var sinceBest = 0;
        int[] order = [.. Enumerable.Range(0, objective.Count)];
        var gradient = new double[parameters.Length];
        var decay = new double[parameters.Length];
        var mean = new double[parameters.Length];
        var steps = 0;
        var adam = new Adam(parameters.Length);
        for (var epoch = 1; epoch <= options.Epochs && sinceBest < options.Patience; epoch++)
        {
            random.Shuffle(order);
            var progressed = (epoch - 1.0) / options.Epochs;
            var rate = options.LearningRate * (0.1 + 0.45 * (1 + Math.Cos(Math.PI * progressed)));
            double trainLoss = 0;
            foreach (var batch in order.Chunk(options.BatchSize))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Array.Clear(gradient);
                trainLoss += objective.AddBatch(batch, parameters, random, gradient);
                TensorPrimitives.Divide(gradient, batch.Length, gradient);
                TensorPrimitives.Multiply(parameters, objective.Decay, decay);
                TensorPrimitives.MultiplyAdd(decay, options.L2, gradient, gradient);
                adam.Step(parameters, gradient, rate);
                // The plain mean until there are enough steps to forget the first.
                var kept = Math.Min(options.Averaging, steps / (steps + 1.0));
                steps++;
                TensorPrimitives.Multiply(mean, kept, mean);
                TensorPrimitives.MultiplyAdd(parameters, 1 - kept, mean, mean);
            }

            var devLoss = objective.DevLoss(mean);
            progress?.Invoke(new TrainingProgress(phase, epoch, trainLoss / order.Length, devLoss));
            sinceBest++;
            if (devLoss < bestLoss)
            {
                (bestLoss, sinceBest) = (devLoss, 0);
                mean.CopyTo(best, 0);
            }
        }

        best.CopyTo(parameters, 0);
        return bestLoss;
    }
}
