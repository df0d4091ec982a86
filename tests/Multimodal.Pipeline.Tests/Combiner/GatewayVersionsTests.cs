using Microsoft.Extensions.Time.Testing;
using Multimodal.Contracts.Values;
using Multimodal.Contracts.Versions;
using Multimodal.Pipeline.Combiner;
using Multimodal.Pipeline.Tests.Compatibility;

namespace Multimodal.Pipeline.Tests.Combiner;

public sealed class GatewayVersionsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly GatewayVersions _gateways;

    public GatewayVersionsTests() => _gateways = new GatewayVersions(_time);

    [Fact]
    public void Readable_OnlyThisVersion_KeepsTheStatus()
    {
        Record(MessageVersions.Current);

        Assert.Equal(AnswerStatus.Undecided, Status(AnswerStatus.Undecided));
    }

    /// <summary>Any gateway may record the answer to a request of any other.</summary>
    [Fact]
    public void Readable_AnOlderGatewayAmongNewOnes_ReplacesTheStatusForAMinute()
    {
        Record(1);
        Record(MessageVersions.Current);

        Assert.Equal(AnswerStatus.Failed, Status(AnswerStatus.Undecided));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(AnswerStatus.Failed, Status(AnswerStatus.Undecided));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(AnswerStatus.Undecided, Status(AnswerStatus.Undecided));
    }

    [Fact]
    public void Readable_StatusOfEveryVersion_KeepsIt()
    {
        Record(1);

        Assert.Equal(AnswerStatus.Partial, Status(AnswerStatus.Partial));
    }

    private void Record(int version) => _gateways.Record(MessageSamples.Fuse with { MessageVersion = version });

    private AnswerStatus Status(AnswerStatus status) => _gateways.Readable(MessageSamples.Answer with { Status = status }).Status;
}
