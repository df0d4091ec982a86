using System.Text.Json;
using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Requests;
using Multimodal.Pipeline.Gateway.Trust;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Gateway.Store;

namespace Multimodal.Pipeline.Tests.Gateway.Requests;

/// <summary>What makes two requests equal for the cache.</summary>
public sealed class AnswerKeysTests : StoreScenarios
{
    private const int Many = 400;
    private readonly TrustCache _trust;
    private readonly AnswerKeys _keys;

    public AnswerKeysTests()
        : base(null)
    {
        _trust = new TrustCache(new TrustStore(Database, Writer), new EnsembleCatalog());
        _keys = new AnswerKeys(_trust);
    }

    [Fact]
    public void Of_EqualRequests_IsTheSame()
    {
        var ensemble = Create();

        var keys = Enumerable.Range(0, 20).Select(_ => Key(ensemble)).Distinct();

        Assert.Matches("^[0-9a-f]{64}$", Assert.Single(keys)!);
    }

    [Theory]
    [InlineData("""{"strategy": "top-k"}""")]
    [InlineData("""{"k": 1}""")]
    [InlineData("""{"price": 0.1}""")]
    [InlineData("""{"budget": 2}""")]
    [InlineData("""{"fusion": "log"}""")]
    [InlineData("""{"experts": ["a"]}""")]
    [InlineData("""{"experts": ["b"]}""")]
    public void Of_OptionThatChangesTheAnswer_IsAnother(string options)
    {
        var ensemble = Create();

        Assert.NotEqual(Key(ensemble), Key(ensemble, Read(options)));
        Assert.Equal(Key(ensemble, Read(options)), Key(ensemble, Read(options)));
    }

    [Theory]
    [InlineData("""{"subscription": "alarms"}""")]
    [InlineData("""{"deadlineMs": 77}""")]
    [InlineData("""{"priority": "low"}""")]
    [InlineData("""{"ensemble": "digits"}""")]
    [InlineData("""{"gateVersion": "scripted"}""")]
    public void Of_OptionThatKeepsTheAnswer_IsTheSame(string options)
    {
        var ensemble = Create();

        Assert.Equal(Key(ensemble), Key(ensemble, Read(options)));
    }

    /// <summary>Every option is in one of the two tests above; a new one must be decided.</summary>
    [Fact]
    public void Of_AllOptions_AreDecided() => Assert.Equal(11, typeof(MultimodalRequestOptions).GetProperties().Length);

    [Fact]
    public void Of_OtherPartModalityTenantOrLoad_IsAnother()
    {
        var (ensemble, reloaded) = (Create(), Create());
        string?[] keys =
        [
            Key(ensemble),
            Key(reloaded),
            Key(ensemble, tenant: "other"),
            Key(ensemble, parts: [(Modality.Text, "b")]),
            Key(ensemble, parts: [(Modality.Audio, "a")]),
            Key(ensemble, parts: [(Modality.Text, "a"), (Modality.Audio, "a")]),
        ];

        Assert.All(keys, key => Assert.NotNull(key));
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Fact]
    public void Of_TwoVersions_SharesOnlyWithinTheVersion()
    {
        var ensemble = WithCanary(Create());
        var byVersion = new Dictionary<string, HashSet<string>>();
        for (var i = 0; i < Many; i++)
        {
            var id = Guid.NewGuid();
            var version = ensemble.VersionFor(id).Name;
            byVersion.TryAdd(version, []);
            byVersion[version].Add(Key(ensemble, id: id)!);
        }

        Assert.Equal(["canary", "scripted"], byVersion.Keys.Order(StringComparer.Ordinal));
        Assert.All(byVersion.Values, keys => Assert.Single(keys));
        Assert.Equal(2, byVersion.Values.SelectMany(keys => keys).Distinct().Count());
    }

    [Fact]
    public void Of_AfterFeedback_IsAnotherAndTheShareThatExploresHasNone()
    {
        var ensemble = Create(new EnsembleTrust("fixed-share", "log", Explore: 0.25));
        var before = Enumerable.Range(0, Many).Select(_ => Key(ensemble)).Distinct().ToArray();
        var state = TrustStore.Start(ensemble);
        _trust.Update("t", ensemble, new StoredTrust(1, Multimodal.Learning.Online.ExpertTrust.Update(
            state,
            new Dictionary<string, double> { ["a"] = 0.5, ["b"] = 0.5 },
            new Dictionary<string, IReadOnlyList<double>> { ["a"] = [-0.1, -3, -3], ["b"] = [-3, -0.1, -3] },
            0)));

        var after = Enumerable.Range(0, Many).Select(_ => Key(ensemble)).ToArray();

        Assert.NotNull(Assert.Single(before));
        Assert.NotEqual(before[0], Assert.Single(after.OfType<string>().Distinct()));
        Assert.InRange(after.Count(key => key is null), Many / 8, Many * 3 / 8);
    }

    [Fact]
    public void Of_SampledForAShadowExpert_HasNone()
    {
        var ensemble = new ScriptedEnsemble(
            [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Answers("s", Modality.Audio, 0.8, 0.1, 0.1)],
            shadows: new Dictionary<string, double> { ["s"] = 0.25 }).Create();
        var (text, both) = ((Modality.Text, "a"), (Modality.Audio, "a"));

        var withPart = Enumerable.Range(0, Many).Select(_ => Key(ensemble, parts: [text, both])).ToArray();
        var withoutPart = Enumerable.Range(0, Many).Select(_ => Key(ensemble, parts: [text])).ToArray();
        var notAllowed = Enumerable.Range(0, Many).Select(_ => Key(ensemble, Read("""{"experts": ["a"]}"""), parts: [text, both])).ToArray();

        Assert.InRange(withPart.Count(key => key is null), Many / 8, Many * 3 / 8);
        Assert.All(withoutPart, key => Assert.NotNull(key));
        Assert.All(notAllowed, key => Assert.NotNull(key));
    }

    private static Ensemble Create(EnsembleTrust? online = null) => new ScriptedEnsemble(
        [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Answers("b", Modality.Text, 0.2, 0.7, 0.1)], online: online).Create();

    private static Ensemble WithCanary(Ensemble ensemble) => ensemble with
    {
        Others =
        [
            new GateVersion(
                new ScriptedEnsemble([ScriptedExpert.Answers("a", Modality.Text, 1), ScriptedExpert.Answers("b", Modality.Text, 1)]).Gate("canary"), ensemble.Rules, 0.3),
        ],
    };

    private static MultimodalRequestOptions Read(string options) => JsonSerializer.Deserialize<MultimodalRequestOptions>(options, JsonFormat.Options)!;

    private string? Key(
        Ensemble ensemble, MultimodalRequestOptions? options = null, string tenant = "t", (Modality Modality, string Digest)[]? parts = null, Guid? id = null)
    {
        parts ??= [(Modality.Text, "a")];
        var submission = new Submission(parts.ToDictionary(part => part.Modality, _ => default(ReadOnlyMemory<byte>)), options ?? new MultimodalRequestOptions());
        return _keys.Of(
            new IncomingRequest(id ?? Guid.NewGuid(), tenant, submission),
            new CheckedSubmission(submission, ensemble, parts.ToDictionary(part => part.Modality, part => part.Digest), ""));
    }
}
