namespace Multimodal.Learning.Numerics;

/// <summary>Element-wise mean of vectors or of matrices with the same shape.</summary>
internal static class RowMean
{
    public static double[] Of(IReadOnlyList<IReadOnlyList<double>> rows) =>
        [.. Enumerable.Range(0, rows[0].Count).Select(column => rows.Average(row => row[column]))];

    public static double[][] Of(IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> matrices) =>
        [.. Enumerable.Range(0, matrices[0].Count).Select(row => Of([.. matrices.Select(matrix => matrix[row])]))];
}
