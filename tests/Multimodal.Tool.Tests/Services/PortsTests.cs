using Multimodal.Tool.Services;

namespace Multimodal.Tool.Tests.Services;

public sealed class PortsTests
{
    [Fact]
    public void Free_ManyAsked_AllDifferentAndNoneThatAnOutgoingConnectionIsGiven()
    {
        int[] ports = [.. Enumerable.Range(0, 50).Select(_ => Ports.Free())];
        Assert.Equal(50, ports.Distinct().Count());
        Assert.All(ports, port => Assert.InRange(port, 1024, Ports.FirstOutgoing() - 1));
    }
}
