using Multimodal.Pipeline.Gateway.Caching;

namespace Multimodal.Pipeline.Tests.Gateway.Caching;

public sealed class CacheDirectivesTests
{
    [Theory]
    [InlineData(null, null, false)]
    [InlineData("", null, false)]
    [InlineData("no-cache", 0, false)]
    [InlineData("No-Cache", 0, false)]
    [InlineData("no-store", 0, true)]
    [InlineData("no-cache, no-store", 0, true)]
    [InlineData("max-age=0", 0, false)]
    [InlineData("max-age=30", 30, false)]
    [InlineData("max-age=30, no-cache", 0, false)]
    [InlineData("no-transform, stale=\"no-store\"", null, false)]
    [InlineData("max-age=soon", 0, true)]
    public void Read_Header_IsWhatTheClientAllows(string? header, int? maxAgeSeconds, bool noStore) =>
        Assert.Equal(
            new CacheDirectives(maxAgeSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, noStore),
            CacheDirectives.Read(header));
}
