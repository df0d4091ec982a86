using Microsoft.Extensions.DependencyInjection;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Clock;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Clock;

/// <summary>A gateway whose reference is the clock of a database server.</summary>
[Collection(DatabaseFixture.Name)]
public sealed class DatabaseClockTests(DatabaseFixture database) : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(30)]
    [InlineData(-3600)]
    public async Task Gateway_SystemClockIsWrong_UsesTheServersTime(int seconds)
    {
        var system = new ShiftedTimeProvider(TimeSpan.FromSeconds(seconds));
        await using var host = await PipelineHost.StartAsync(
            _folder.Path,
            new ScriptedEnsemble([ScriptedExpert.Answers("t", Modality.Text, 0.8, 0.1, 0.1)]),
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(system);
                builder.AddMultimodal();
            },
            ("Multimodal:Store:Kind", "postgresql"),
            ("Multimodal:Store:Postgresql", database.NewDatabase()));

        Assert.Equal(seconds, host.Get<ServiceClock>().Skew.TotalSeconds, 0.25);
        Assert.Equal("completed", (await host.Http.PostAsync("zero")).Text("status"));
    }
}
