namespace Multimodal.Learning.Numerics;

/// <summary>Element by element, the mean of vectors or of matrices of the same shape.</summary>
internal static class RowMean
{
    public static double[] Of(IReadOnlyList<IReadOnlyList<double>> rows) =>
        [.. Enumerable.Range(0, rows[0].Count).Select(at => rows.Average(row => row[at]))];

    public static double[][] Of(IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> matrices) =>
        [.. Enumerable.Range(0, matrices[0].Count).Select(row => Of([.. matrices.Select(matrix => matrix[row])]))];
}
