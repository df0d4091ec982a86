using System.Numerics.Tensors;
using Multimodal.Learning.Gating;

namespace Multimodal.Learning.Training;

/// <summary>Mini-batch gradient descent with Adam and early stopping. Deterministic for a given random source.</summary>
internal static class Descent
{
    /// <summary>Finds the parameters with the lowest dev loss and returns that loss.</summary>
    /// <param name="objective">What to minimise.</param>
    /// <param name="parameters">
    /// The initial parameters; on return the best found, which are the initial ones if no epoch improved on them.
    /// </param>
    /// <param name="options">Epochs, batch size and so on.</param>
    /// <param name="phase">Phase of the progress reports.</param>
    /// <param name="run">Randomness, progress and cancellation.</param>
    public static double Run(IObjective objective, double[] parameters, TrainingOptions options, string phase, TrainingRun run)
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
            run.Random.Shuffle(order);
            var progressed = (epoch - 1.0) / options.Epochs;
            var rate = options.LearningRate * (0.1 + 0.45 * (1 + Math.Cos(Math.PI * progressed)));
            double trainLoss = 0;
            foreach (var batch in order.Chunk(options.BatchSize))
            {
                run.CancellationToken.ThrowIfCancellationRequested();
                Array.Clear(gradient);
                trainLoss += objective.AddBatch(batch, parameters, run.Random, gradient);
                TensorPrimitives.Divide(gradient, batch.Length, gradient);
                TensorPrimitives.Multiply(parameters, objective.DecayMask, decay);
                TensorPrimitives.MultiplyAdd(decay, options.L2, gradient, gradient);
                adam.Step(parameters, gradient, rate);

                // The plain mean over the first steps, so that the initial parameters do not stay in the running mean.
                var kept = Math.Min(options.Averaging, steps / (steps + 1.0));
                steps++;
                TensorPrimitives.Multiply(mean, kept, mean);
                TensorPrimitives.MultiplyAdd(parameters, 1 - kept, mean, mean);
            }

            var devLoss = objective.DevLoss(mean);
            run.Progress?.Invoke(new TrainingProgress(phase, epoch, trainLoss / order.Length, devLoss));
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
