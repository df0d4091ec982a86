using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Pipeline.Tests.Units;

public sealed class OptionsTests
{
    [Fact]
    public void Create_Nothing_GivesValidDefaults()
    {
        var options = Create();

        Assert.Equal("data", options.DataFolder);
        Assert.Equal("http://127.0.0.1:8080", options.Http.Listen);
        Assert.Equal(256, options.Gateway.MaxInFlight);
        Assert.Equal(256, options.Combiner.Concurrency);
        Assert.Equal(64, options.Experts.Concurrency);
        Assert.Equal(4096, options.Blobs.InlineBytes);
        Assert.False(options.Blobs.KeepAfterAnswer);
        Assert.True(options.Store.SurvivePowerLoss);
        Assert.Equal(10, options.Store.MaxSends);
        Assert.Equal(("sqlite", "in-memory", "quorum"), (options.Store.Kind, options.Transport.Kind, options.Transport.Broker.Queues));
        Assert.Equal(10, options.Hosting.DrainSeconds);
    }

    [Fact]
    public void Create_Values_AreBoundWhateverTheirCase()
    {
        var options = Create(("gateway:maxinflight", "7"), ("Inference:Media:AudioSeconds", "12.5"), ("Inference:Execution:Provider", "cpu"));

        Assert.Equal(7, options.Gateway.MaxInFlight);
        Assert.Equal(12.5, options.Inference.Media.AudioSeconds);
    }

    [Fact]
    public void Create_ManyMistakes_NamesAll()
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Create(
            ("Gateway:MaxInFlight", "0"),
            ("Gateway:MaxInFlite", "8"),
            ("Combiner:Concurrency", "many"),
            ("Inference:Media:TextBytes", "-1"),
            ("Inference:Experts:a:Batching:Sise", "4"),
            ("DataFolder", "")));

        string[] wanted = ["MaxInFlight", "MaxInFlite", "'many'", "TextBytes", "Sise", "DataFolder"];
        Assert.Equal(wanted.Length, exception.Failures.Count());
        Assert.All(wanted, name => Assert.Contains(exception.Failures, failure => failure.Contains(name, StringComparison.Ordinal)));
    }

    private static MultimodalOptions Create(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => "Multimodal:" + setting.Key, setting => (string?)setting.Value))
            .Build();
        return new StrictOptionsFactory(configuration.GetSection(MultimodalOptions.Section)).Create(Options.DefaultName);
    }
}
