namespace Multimodal.Inference.Vision.Formats;

/// <summary>Reads the blocks of one scan without computing pixels (ITU-T T.81, annexes F.2.2 and G.1.2).</summary>
/// <param name="scan">The scan.</param>
internal sealed class JpegBlocks(JpegScan scan)
{
    private int _emptyBlocks;

    /// <summary>Forgets the run of empty blocks, at a restart marker.</summary>
    public void Restart() => _emptyBlocks = 0;

    /// <summary>Reads one block.</summary>
    /// <param name="bits">The entropy-coded data.</param>
    /// <param name="part">Index of the component in the scan.</param>
    /// <param name="block">Index of the block in the component.</param>
    /// <returns>False if the data ends before or is broken.</returns>
    public bool TryRead(ref JpegBits bits, int part, int block)
    {
        var (component, dc, ac) = scan.Components[part];
        if (!scan.IsProgressive)
        {
            var none = 0UL;
            return TryReadDc(ref bits, dc) && TryReadAc(ref bits, ac, 1, ref none);
        }

        if (scan.First == 0)
        {
            return scan.IsRefinement ? bits.TryRead(1, out _) : TryReadDc(ref bits, dc);
        }

        ref var nonZero = ref component.NonZero[block];
        if (scan.IsRefinement)
        {
            return TryRefineAc(ref bits, ac, ref nonZero);
        }

        if (_emptyBlocks > 0)
        {
            _emptyBlocks--;
            return true;
        }

        return TryReadAc(ref bits, ac, scan.First, ref nonZero);
    }

    private static bool TryReadDc(ref JpegBits bits, JpegHuffman? table) =>
        table is not null && table.TryDecode(ref bits, out var length) && length <= 16 && bits.TryRead(length, out _);

    private bool TryReadAc(ref JpegBits bits, JpegHuffman? table, int first, ref ulong nonZero)
    {
        var last = scan.IsProgressive ? scan.Last : 63;
        for (var k = first; k <= last; k++)
        {
            if (table is null || !table.TryDecode(ref bits, out var code))
            {
                return false;
            }

            var (run, length) = (code >> 4, code & 15);
            if (length == 0 && run < 15)
            {
                return TryStartRun(ref bits, run, includesThis: false);
            }

            k += run;
            if (k > last || !bits.TryRead(length, out _))
            {
                return false;
            }

            nonZero |= length == 0 ? 0 : 1UL << k;
        }

        return true;
    }

    private bool TryRefineAc(ref JpegBits bits, JpegHuffman? table, ref ulong nonZero)
    {
        var k = scan.First;
        for (; _emptyBlocks == 0 && k <= scan.Last; k++)
        {
            if (table is null || !table.TryDecode(ref bits, out var code))
            {
                return false;
            }

            var (run, length) = (code >> 4, code & 15);
            if (length == 0 && run < 15)
            {
                if (!TryStartRun(ref bits, run, includesThis: true))
                {
                    return false;
                }

                break;
            }

            if ((length > 0 && !bits.TryRead(1, out _)) || !TrySkip(ref bits, ref k, run, nonZero))
            {
                return false;
            }

            nonZero |= length > 0 && k <= scan.Last ? 1UL << k : 0;
        }

        if (_emptyBlocks == 0)
        {
            return true;
        }

        _emptyBlocks--;
        return TrySkip(ref bits, ref k, int.MaxValue, nonZero);
    }

    /// <summary>
    /// Advances over coefficients that are zero, <paramref name="zeros"/> and one more, and reads a bit for each one that is not.
    /// </summary>
    private bool TrySkip(ref JpegBits bits, ref int k, int zeros, ulong nonZero)
    {
        for (; k <= scan.Last; k++)
        {
            if ((nonZero >> k & 1) == 0)
            {
                if (zeros-- == 0)
                {
                    break;
                }
            }
            else if (!bits.TryRead(1, out _))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads the length of a run of blocks without further coefficients. A run of zero ends this block only.</summary>
    private bool TryStartRun(ref JpegBits bits, int exponent, bool includesThis)
    {
        if (!bits.TryRead(exponent, out var more))
        {
            return false;
        }

        _emptyBlocks = (1 << exponent) + more - (includesThis ? 0 : 1);
        return true;
    }
}
