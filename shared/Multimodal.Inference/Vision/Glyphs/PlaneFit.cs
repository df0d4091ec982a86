namespace Multimodal.Inference.Vision.Glyphs;

/// <summary>Fits a plane, p = level + slopeX u + slopeY v, to points by least squares.</summary>
internal struct PlaneFit
{
    private double _n, _u, _v, _uu, _uv, _vv, _p, _pu, _pv, _pp;

    /// <summary>Adds the point p at (u, v).</summary>
    public void Add(double u, double v, double p)
    {
        _n++;
        _u += u;
        _v += v;
        _uu += u * u;
        _uv += u * v;
        _vv += v * v;
        _p += p;
        _pu += p * u;
        _pv += p * v;
        _pp += p * p;
    }

    /// <summary>
    /// Subtracts the slopes of a plane, and returns the number of points, their mean, and their sum of squared deviations.
    /// </summary>
    public readonly (double Count, double Mean, double SumOfSquares) Without(double slopeX, double slopeY)
    {
        if (_n == 0)
        {
            return (0, 0, 0);
        }

        var sum = _p - (slopeX * _u) - (slopeY * _v);
        var squares = _pp + (slopeX * slopeX * _uu) + (slopeY * slopeY * _vv)
            + (2 * ((slopeX * slopeY * _uv) - (slopeX * _pu) - (slopeY * _pv)));
        return (_n, sum / _n, Math.Max(0, squares - (sum * sum / _n)));
    }

    /// <summary>
    /// Computes the plane. With fewer than eight points it returns the given plane; if the points are collinear, a level plane.
    /// </summary>
    public readonly (double Level, double SlopeX, double SlopeY) Solve(double level, double slopeX, double slopeY)
    {
        if (_n < 8)
        {
            return (level, slopeX, slopeY);
        }

        double uu = (_uu / _n) - (_u / _n * (_u / _n)), vv = (_vv / _n) - (_v / _n * (_v / _n));
        var uv = (_uv / _n) - (_u / _n * (_v / _n));
        double pu = (_pu / _n) - (_p / _n * (_u / _n)), pv = (_pv / _n) - (_p / _n * (_v / _n));
        var determinant = (uu * vv) - (uv * uv);
        if (determinant <= 1e-4 * uu * vv)
        {
            return (_p / _n, 0, 0);
        }

        var x = ((pu * vv) - (pv * uv)) / determinant;
        var y = ((pv * uu) - (pu * uv)) / determinant;
        return ((_p / _n) - (x * _u / _n) - (y * _v / _n), x, y);
    }
}
