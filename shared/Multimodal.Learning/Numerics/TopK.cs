namespace Multimodal.Learning.Numerics;

/// <summary>Selection of the k largest of some numbers.</summary>
internal static class TopK
{
    /// <summary>
    /// Marks the k largest values among those allowed. Of equal values, the one with the lower index comes first; NaN comes last.
    /// </summary>
    /// <param name="values">Any numbers.</param>
    /// <param name="allowed">As long as <paramref name="values"/>; values with false are never marked.</param>
    /// <param name="k">The number of values to mark; all allowed ones are marked if there are fewer.</param>
    /// <param name="marked">As long as <paramref name="values"/>; overwritten.</param>
    public static void Mark(ReadOnlySpan<double> values, ReadOnlySpan<bool> allowed, int k, Span<bool> marked)
    {
        marked.Clear();
        for (var count = 0; count < k; count++)
        {
            var best = -1;
            for (var i = 0; i < values.Length; i++)
            {
                if (allowed[i] && !marked[i]
                    && (best < 0 || values[i] > values[best] || (double.IsNaN(values[best]) && !double.IsNaN(values[i]))))
                {
                    best = i;
                }
            }

            if (best < 0)
            {
                return;
            }

            marked[best] = true;
        }
    }
}
