namespace Multimodal.Bench.Profile;

/// <summary>What one request of a type costs.</summary>
/// <param name="Request">The type.</param>
/// <param name="CpuMs">Processor milliseconds of the service.</param>
/// <param name="BoundMs">Processor milliseconds of the bare program.</param>
/// <param name="PerSecond">Requests per second of the service.</param>
/// <param name="Bytes">Bytes that the service allocates.</param>
/// <param name="Samples">Its stages.</param>
internal sealed record RequestCost(ProfiledRequest Request, double CpuMs, double BoundMs, double PerSecond, double Bytes, StackSamples Samples)
{
    public double TimesBound => CpuMs / BoundMs;
}
