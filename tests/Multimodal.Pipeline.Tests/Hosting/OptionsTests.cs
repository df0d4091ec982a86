using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Pipeline.Tests.Hosting;

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

        string[] expected = ["MaxInFlight", "MaxInFlite", "'many'", "TextBytes", "Sise", "DataFolder"];
        Assert.Equal(expected.Length, exception.Failures.Count());
        Assert.All(expected, name => Assert.Contains(exception.Failures, failure => failure.Contains(name, StringComparison.Ordinal)));
    }

    [Fact]
    public void Create_Keys_AreBoundByName()
    {
        var sha = new string('a', 64);

        var options = Create(("Keys:shop:Sha256", sha), ("Keys:shop:RequestsPerSecond", "2.5"), ("Keys:lab_2:Sha256", new string('B', 64)), ("Keys:lab_2:Tenant", "lab"));

        Assert.Equal((sha, "default", 2.5, null), (options.Keys["shop"].Sha256, options.Keys["shop"].Tenant, options.Keys["shop"].RequestsPerSecond, options.Keys["shop"].Burst));
        Assert.Equal(("lab", (double?)null), (options.Keys["lab_2"].Tenant, options.Keys["lab_2"].RequestsPerSecond));
    }

    /// <summary>An invalid API key must prevent the start. If it were ignored, the service might accept requests without a key.</summary>
    [Theory]
    [InlineData("Keys=mm_secret", "Keys:")]
    [InlineData("Keys:shop=mm_secret", "Keys:shop:")]
    [InlineData("Keys:shop=", "Keys:shop:")]
    [InlineData("Keys:shop:Sha256=", "Keys:shop.Sha256")]
    [InlineData("Keys:shop:Tenant=shop", "Keys:shop.Sha256")]
    [InlineData("Keys:shop:Sha256=mm_secret", "Keys:shop.Sha256")]
    [InlineData("Keys:shop:Key=mm_secret", "Keys:shop:Key")]
    [InlineData("Keys:my shop:Sha256=a*64", "name of a key")]
    [InlineData("Keys:shop:Sha256=a*64;Keys:shop:Tenant=a.b", "Tenant")]
    [InlineData("Keys:shop:Sha256=a*64;Keys:shop:Tenant=", "Tenant")]
    [InlineData("Keys:shop:Sha256=a*64;Keys:shop:RequestsPerSecond=0", "RequestsPerSecond")]
    [InlineData("Keys:shop:Sha256=a*64;Keys:shop:RequestsPerSecond=many", "RequestsPerSecond")]
    [InlineData("Keys:shop:Sha256=a*64;Keys:shop:Burst=3", "Burst")]
    [InlineData("Keys:shop:Sha256=a*64;Keys:lab:Sha256=A*64", "lab and shop are the same key")]
    [InlineData("Gateway:RequestTenant=a/b", "RequestTenant")]
    public void Create_BadKey_StopsTheStartAndIsNotRepeated(string settings, string named)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Create(
            [.. settings.Split(';').Select(setting => setting.Split('=')).Select(pair => (pair[0], pair[1].EndsWith("*64", StringComparison.Ordinal) ? new string(pair[1][0], 64) : pair[1]))]));

        Assert.Contains(exception.Failures, failure => failure.Contains(named, StringComparison.Ordinal));
        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
    }

    private static MultimodalOptions Create(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => "Multimodal:" + setting.Key, setting => (string?)setting.Value))
            .Build();
        return new StrictOptionsFactory(configuration.GetSection(MultimodalOptions.Section)).Create(Options.DefaultName);
    }
}
