using System.Runtime.Intrinsics;

namespace Multimodal.Inference.Vision.Filters;

/// <summary>Sums of the structure tensor of a colour image: w r r, w g g, w b b, w r g, w r b, w g b with w = r r + g g + b b, for differences (r, g, b) of pixels.</summary>
internal struct TensorSums
{
    private Vector256<double> _rr, _gg, _bb, _rg, _rb, _gb;

    /// <summary>Adds the differences of 16 pairs of pixels.</summary>
    public void Add(in ColourPlanes plus, in ColourPlanes minus)
    {
        Vector256<short> r = plus.Red - minus.Red, g = plus.Green - minus.Green, b = plus.Blue - minus.Blue;
        Add(Vector256.WidenLower(r), Vector256.WidenLower(g), Vector256.WidenLower(b));
        Add(Vector256.WidenUpper(r), Vector256.WidenUpper(g), Vector256.WidenUpper(b));
    }

    /// <summary>Adds the difference of two pixels.</summary>
    public void Add(ReadOnlySpan<byte> plus, ReadOnlySpan<byte> minus)
    {
        double r = plus[0] - minus[0], g = plus[1] - minus[1], b = plus[2] - minus[2];
        var weight = (r * r) + (g * g) + (b * b);
        _rr += Vector256.CreateScalar(weight * r * r);
        _gg += Vector256.CreateScalar(weight * g * g);
        _bb += Vector256.CreateScalar(weight * b * b);
        _rg += Vector256.CreateScalar(weight * r * g);
        _rb += Vector256.CreateScalar(weight * r * b);
        _gb += Vector256.CreateScalar(weight * g * b);
    }

    /// <summary>Writes the six sums.</summary>
    public readonly void CopyTo(Span<double> tensor)
    {
        (tensor[0], tensor[1], tensor[2]) = (Vector256.Sum(_rr), Vector256.Sum(_gg), Vector256.Sum(_bb));
        (tensor[3], tensor[4], tensor[5]) = (Vector256.Sum(_rg), Vector256.Sum(_rb), Vector256.Sum(_gb));
    }

    private void Add(Vector256<int> r, Vector256<int> g, Vector256<int> b)
    {
        // The products of two differences are at most 65,025 and the weight at most 195,075, so single precision would round their product.
        Vector256<int> rr = r * r, gg = g * g, bb = b * b;
        var weight = rr + gg + bb;
        Add(ref _rr, weight, rr);
        Add(ref _gg, weight, gg);
        Add(ref _bb, weight, bb);
        Add(ref _rg, weight, r * g);
        Add(ref _rb, weight, r * b);
        Add(ref _gb, weight, g * b);
    }

    private static void Add(ref Vector256<double> sum, Vector256<int> weight, Vector256<int> product) => sum +=
        (Vector256.ConvertToDouble(Vector256.WidenLower(weight)) * Vector256.ConvertToDouble(Vector256.WidenLower(product)))
        + (Vector256.ConvertToDouble(Vector256.WidenUpper(weight)) * Vector256.ConvertToDouble(Vector256.WidenUpper(product)));
}
