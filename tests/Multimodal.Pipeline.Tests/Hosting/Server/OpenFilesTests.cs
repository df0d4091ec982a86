using Multimodal.Pipeline.Hosting.Server;

namespace Multimodal.Pipeline.Tests.Hosting.Server;

public sealed class OpenFilesTests
{
    private const string Header = "Limit                     Soft Limit           Hard Limit           Units     ";

    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 1024)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max locked memory         8388608              8388608              bytes     ", null)]
    public void Parse_Limits_GivesTheSoftLimit(string line, int? expected) => Assert.Equal(expected, OpenFiles.Parse([Header, line]));

    [Theory]
    [InlineData(null, 20_000, 20_000)]
    [InlineData(1_048_576, 20_000, 20_000)]
    [InlineData(1024, 20_000, 624)]
    [InlineData(64, 20_000, 16)]
    [InlineData(1024, 100, 100)]
    public void MaxConnections_Limit_LeavesAReserve(int? limit, int configured, int expected) =>
        Assert.Equal(expected, new OpenFiles(limit).MaxConnections(configured));

    [Fact]
    public void OfThisProcess_OnLinux_ReadsTheLimit() => Assert.Equal(OperatingSystem.IsLinux(), OpenFiles.OfThisProcess().Limit > 0);
}
