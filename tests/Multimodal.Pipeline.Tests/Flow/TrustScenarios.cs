using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Gateway.Trust;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Learning from feedback, and its effect on answers.</summary>
public abstract class TrustScenarios(TestTransport transport) : IDisposable
{
    private const string Weights = "v1/ensembles/digits/weights";
    // Bayes' rule with a fixed share and without exploration, so that the expected values can be computed by hand.
    private static readonly EnsembleTrust FixedShare = new("fixed-share", "log", Explore: 0, Share: 0.02, Rate: 1);
    private readonly ScratchFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Post_BeforeAnyFeedback_AnswersToTheLastBitAsWithoutLearning()
    {
        Reply plain;
        await using (var host = await StartAsync(null, Two()))
        {
            plain = await host.Http.PostAsync("zero");
        }

        await using var learning = await StartAsync(FixedShare, Two());
        var reply = await learning.Http.PostAsync("zero");

        Assert.Equal(plain.Json.GetProperty("scores").GetRawText(), reply.Json.GetProperty("scores").GetRawText());
        foreach (var name in new[] { "a", "b" })
        {
            Assert.Equal(1.0, reply.Expert(name).GetProperty("trust").GetDouble());
            Assert.False(plain.Expert(name).TryGetProperty("trust", out _));
            foreach (var member in new[] { "weight", "contribution", "without" })
            {
                Assert.Equal(plain.Expert(name).GetProperty(member).GetRawText(), reply.Expert(name).GetProperty(member).GetRawText());
            }
        }

        Assert.False(plain.Json.GetProperty("gate").TryGetProperty("online", out _));
        var online = reply.Json.GetProperty("gate").GetProperty("online");
        Assert.Equal(("fixed-share", 0, 0), (online.GetProperty("learner").GetString(), online.GetProperty("feedbacks").GetInt32(), online.GetProperty("revision").GetInt32()));
    }

    [Fact]
    public async Task Feedback_OneWasWrong_TheNextAnswerBelievesItLess()
    {
        await using var host = await StartAsync(FixedShare, Two());
        var first = await host.Http.PostAsync("zero");
        Assert.Equal(204, (await host.Http.FeedbackAsync(first.Id, new { label = "1" })).Status);

        var next = await host.Http.PostAsync("zero");

        // a gave the truth 0.1 against 1/3: odds 0.3, and 2 % of the weight is redistributed.
        var weight = 0.98 * (0.3 / 1.3) + 0.01;
        var trust = weight / (1 - weight);
        Assert.Equal(trust, next.Expert("a").GetProperty("trust").GetDouble(), 12);
        Assert.Equal(1.0, next.Expert("b").GetProperty("trust").GetDouble());
        Assert.Equal((1, 1), (next.Json.GetProperty("gate").GetProperty("online").GetProperty("feedbacks").GetInt32(), next.Json.GetProperty("gate").GetProperty("online").GetProperty("revision").GetInt32()));

        // Weighted and discounted by trust.
        var (wa, wb) = (trust / (1 + trust), 1 / (1 + trust));
        var zero = wa * (trust * 0.8 + (1 - trust) / 3) + wb * 0.3;
        var one = wa * (trust * 0.1 + (1 - trust) / 3) + wb * 0.5;
        Assert.Equal(("0", "1"), (first.Text("label"), next.Text("label")));
        Assert.Equal([one, zero], next.Json.GetProperty("scores").EnumerateArray().Take(2).Select(score => score.GetProperty("score").GetDouble()), (x, y) => Math.Abs(x - y) < 1e-12);

        var view = await host.Http.ReadAsync(Weights);
        Assert.Equal((1, 1), (view.Json.GetProperty("feedbacks").GetInt32(), view.Json.GetProperty("revision").GetInt32()));
        Assert.Equal(weight, view.Expert("a").GetProperty("weight").GetDouble(), 12);
    }

    [Fact]
    public async Task Feedback_ManyAtOnceAndRepeated_EachIsLearnedFromOnce()
    {
        await using var host = await StartAsync(new EnsembleTrust("hedge", "log", Rate: 1), Two());
        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => host.Http.PostAsync($"zero {i}")));

        var feedbacks = await Task.WhenAll(
            replies.Concat(replies).Concat(replies).Select(reply => host.Http.FeedbackAsync(reply.Id, new { label = "1" })));

        Assert.All(feedbacks, reply => Assert.Equal(204, reply.Status));
        Assert.Equal((409, "feedback-differs"), await DiffersAsync(host, replies[0].Id));
        var view = await host.Http.ReadAsync(Weights);
        Assert.Equal((50, 50), (view.Json.GetProperty("feedbacks").GetInt32(), view.Json.GetProperty("revision").GetInt32()));

        // Hedge is additive, so fifty equal feedbacks in any order give the odds to the power of fifty.
        Assert.Equal(Math.Pow(0.3, 50), view.Expert("a").GetProperty("weight").GetDouble(), 1e-30);
    }

    [Fact]
    public async Task Restart_WhatWasLearned_IsThereAtTheFirstRequest()
    {
        Reply before;
        await using (var host = await StartAsync(FixedShare, Two()))
        {
            await TellAsync(host, "1");
            before = await host.Http.ReadAsync(Weights);
        }

        await using var next = await StartAsync(FixedShare, Two());
        Assert.Equal(before.Body, (await next.Http.ReadAsync(Weights)).Body);
        Assert.Equal(before.Expert("a").GetProperty("trust").GetDouble(), (await next.Http.PostAsync("zero")).Expert("a").GetProperty("trust").GetDouble());
    }

    [Fact]
    public async Task Drift_ExpertBreaksAndIsMended_AnswersRecoverAndItComesBack()
    {
        var shift = 0;
        ScriptedExpert Reads(string name, double sure, Func<int> moved) => new(name, Modality.Text, (media, _) =>
        {
            var opinion = new[] { (1 - sure) / 2, (1 - sure) / 2, (1 - sure) / 2 };
            opinion[(Encoding.UTF8.GetString(media.Span)[0] - '0' + moved()) % 3] = sure;
            return Task.FromResult(ScriptedExpert.Opinion(opinion));
        });
        await using var host = await StartAsync(new EnsembleTrust("fixed-share"), Reads("a", 0.9, () => Volatile.Read(ref shift)), Reads("b", 0.5, () => 0));

        // The log rule, because its bound is so wide that one opinion never settles the answer.
        async Task<(bool Right, double Trust)[]> AskAsync(int count)
        {
            var asked = new (bool, double)[count];
            for (var i = 0; i < count; i++)
            {
                var label = $"{i % 3}";
                var reply = await host.Http.PostAsync($"{label} of {i}", options: """{"fusion": "log"}""");
                asked[i] = (reply.Text("label") == label, reply.Expert("a").GetProperty("trust").GetDouble());
                await host.Http.FeedbackAsync(reply.Id, new { label });
            }

            return asked;
        }

        Assert.All(await AskAsync(30), answer => Assert.Equal((true, 1.0), answer));
        Volatile.Write(ref shift, 1);
        var broken = await AskAsync(30);
        Assert.False(broken[0].Right);
        Assert.All(broken[12..], answer => Assert.True(answer.Right && answer.Trust < 0.5, $"{answer}"));
        Assert.True(broken[^1].Trust < 0.1);
        Volatile.Write(ref shift, 0);
        Assert.Equal((true, 1.0), (await AskAsync(25))[^1]);
    }

    [Fact]
    public async Task Post_OnlyADoubtedExpertIsLeft_IsAnsweredByIt()
    {
        var declines = false;
        await using var host = await StartAsync(
            new EnsembleTrust("hedge", "log", Explore: 0, Rate: 1),
            new ScriptedExpert("a", Modality.Text, (_, _) => Task.FromResult(Volatile.Read(ref declines)
                ? new ExpertOutcome.Declined(DeclineReason.Overloaded, "As the script says.")
                : ScriptedExpert.Opinion(0.2, 0.6, 0.2))),
            ScriptedExpert.Answers("b", Modality.Text, 0.994, 0.003, 0.003));
        await TellAsync(host, "1");
        Volatile.Write(ref declines, true);

        var reply = await host.Http.PostAsync("zero", options: """{"strategy": "waves", "price": 0.015}""");

        Assert.Equal("declined", reply.StateOf("a"));
        Assert.True(reply.Expert("b").GetProperty("trust").GetDouble() < 0.015);
        Assert.Equal(("partial", "0"), (reply.Text("status"), reply.Text("label")));
    }

    [Fact]
    public async Task Weights_SavedForgottenRestored_ActAtOnce()
    {
        await using var host = await StartAsync(FixedShare, Two());
        await TellAsync(host, "1");
        var saved = await host.Http.ReadAsync(Weights);

        using (var gone = await host.Http.DeleteAsync(new Uri(Weights, UriKind.Relative)))
        {
            Assert.Equal(204, (int)gone.StatusCode);
        }

        var fresh = await host.Http.PostAsync("zero");
        Assert.Equal(1.0, fresh.Expert("a").GetProperty("trust").GetDouble());
        var restored = await PutAsync(host, saved.Body);
        Assert.Equal(200, restored.Status);
        Assert.Equal((1, 3), (restored.Json.GetProperty("feedbacks").GetInt32(), restored.Json.GetProperty("revision").GetInt32()));
        Assert.Equal(saved.Json.GetProperty("state").GetRawText(), restored.Json.GetProperty("state").GetRawText());
        Assert.Equal(saved.Expert("a").GetProperty("trust").GetDouble(), (await host.Http.PostAsync("zero")).Expert("a").GetProperty("trust").GetDouble());

        foreach (var (good, bad) in new[] { ("\"fixed-share\"", "\"hedge\""), ("\"a\"", "\"z\""), ("\"feedbacks\":1", "\"feedbacks\":-1"), ("\"share\":0.02", "\"share\":2") })
        {
            var refused = await PutAsync(host, saved.Body.Replace(good, bad, StringComparison.Ordinal));
            Assert.Equal((400, "invalid-weights"), (refused.Status, refused.Code));
            Assert.True(refused.Json.GetProperty("errors").TryGetProperty("state", out _));
        }

        Assert.Equal(400, (await PutAsync(host, "{}")).Status);
    }

    [Theory]
    [InlineData("[-1, 2]", "[0.5, 0.5]", "experts.a")]
    [InlineData("[0.5, 0.5]", "[2, -1]", "experts.b")]
    public async Task Weights_InvalidShares_AreRefusedAndChangeNothing(string a, string b, string named)
    {
        await using var host = await StartAsync(FixedShare, Two());
        var state = (await host.Http.ReadAsync(Weights)).Json.GetProperty("state").GetRawText();
        var node = System.Text.Json.Nodes.JsonNode.Parse(state)!;
        node["experts"]!["a"]!["numbers"]!["shares"] = System.Text.Json.Nodes.JsonNode.Parse(a);
        node["experts"]!["b"]!["numbers"]!["shares"] = System.Text.Json.Nodes.JsonNode.Parse(b);

        var refused = await PutAsync(host, $$"""{"state": {{node.ToJsonString()}}}""");

        Assert.Equal((400, "invalid-weights"), (refused.Status, refused.Code));
        Assert.Contains(named, refused.Json.GetProperty("errors").GetProperty("state").GetString(), StringComparison.Ordinal);
        Assert.Equal(state, (await host.Http.ReadAsync(Weights)).Json.GetProperty("state").GetRawText());
    }

    [Fact]
    public async Task Weights_OfAnExpertThatTheEnsembleDoesNotName_AreRefusedUnlessItIsStoredAlready()
    {
        await using var host = await StartAsync(FixedShare, Two());
        var view = await host.Http.ReadAsync(Weights);
        var node = System.Text.Json.Nodes.JsonNode.Parse(view.Json.GetProperty("state").GetRawText())!;
        var stranger = node["experts"]!["a"]!.DeepClone();
        stranger["experts"]![0] = "stranger";
        node["experts"]!["stranger"] = stranger;
        var with = $$"""{"state": {{node.ToJsonString()}}}""";

        var refused = await PutAsync(host, with);

        Assert.Equal((400, "invalid-weights"), (refused.Status, refused.Code));
        Assert.Contains("stranger", refused.Json.GetProperty("errors").GetProperty("state").GetString(), StringComparison.Ordinal);

        // The weights of a removed expert stay in the document that GET returns, which PUT accepts.
        var ensemble = host.Get<EnsembleCatalog>()["digits"];
        await host.Get<TrustStore>().ReplaceAsync("default", ensemble, Multimodal.Learning.Online.TrustState.FromJson(node.ToJsonString()), DateTimeOffset.UnixEpoch);
        Assert.Equal(200, (await PutAsync(host, (await host.Http.ReadAsync(Weights)).Body)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Weights_TenMegabytes_AreTooLarge(bool saysItsLength)
    {
        await using var host = await StartAsync(FixedShare, Two());
        using var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes("{\"padding\": \""), .. Enumerable.Repeat((byte)'a', 10_000_000), .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        using var put = new HttpRequestMessage(HttpMethod.Put, Weights) { Content = content };
        put.Headers.TransferEncodingChunked = !saysItsLength;

        using var response = await host.Http.SendAsync(put);
        var refused = await Reply.FromAsync(response);

        Assert.Equal((413, "too-large"), (refused.Status, refused.Code));
        Assert.DoesNotContain("image", refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weights_NoJson_IsRefused()
    {
        await using var host = await StartAsync(FixedShare, Two());
        using var text = new StringContent("state", Encoding.UTF8, "text/plain");
        using var wrongType = await host.Http.PutAsync(new Uri(Weights, UriKind.Relative), text);
        using var half = new StringContent("{\"state\": ", Encoding.UTF8, "application/json");
        using var broken = await host.Http.PutAsync(new Uri(Weights, UriKind.Relative), half);

        Assert.Equal(415, (int)wrongType.StatusCode);
        Assert.Equal((400, "malformed"), (400, (await Reply.FromAsync(broken)).Code));
    }

    [Fact]
    public async Task Weights_NoLearner_IsNotFound()
    {
        await using var host = await StartAsync(null, Two());
        var plain = await host.Http.ReadAsync(Weights);
        var unknown = await host.Http.ReadAsync("v1/ensembles/nowhere/weights");

        Assert.Equal((404, "not-learning"), (plain.Status, plain.Code));
        Assert.Equal((404, "ensemble-not-found"), (unknown.Status, unknown.Code));
    }

    [Fact]
    public async Task Feedback_RequestWasCleanedUp_IsAProblemAndTeachesNothing()
    {
        await using var host = await StartAsync(FixedShare, Two());
        var reply = await host.Http.PostAsync("zero");
        await host.Get<RequestStore>().DeleteAnsweredAsync(DateTimeOffset.MaxValue);

        var late = await host.Http.FeedbackAsync(reply.Id, new { label = "1" });

        Assert.Equal((404, "request-not-found"), (late.Status, late.Code));
        Assert.Equal(0, (await host.Http.ReadAsync(Weights)).Json.GetProperty("feedbacks").GetInt32());
    }

    [Fact]
    public async Task Feedback_TruthOfAStep_ReachesOnlyLaterAnswers()
    {
        // All three requests are answered before any feedback. Feedback in the opposite order does not change the answers, and each label is
        // learned with the weights in the plan of its own request.
        await using var host = await StartAsync(new EnsembleTrust("boa", "log"), Two());
        var replies = new[] { await host.Http.PostAsync("zero"), await host.Http.PostAsync("zero"), await host.Http.PostAsync("zero") };
        foreach (var reply in replies.Reverse())
        {
            await host.Http.FeedbackAsync(reply.Id, new { label = "1" });
            Assert.Equal(reply.Body, (await host.Http.ReadAsync($"v1/requests/{reply.Id}")).Body);
        }

        Assert.All(replies, reply => Assert.Equal(1.0, reply.Expert("a").GetProperty("trust").GetDouble()));
        Assert.Single(replies.Select(reply => reply.Json.GetProperty("scores").GetRawText()).Distinct());

        // Boa by hand: the regret of a is 0.1 / P(1) - 1, P(1) = (0.1 + 1/3) / 2 each time, because the weights in the plan were 0.5.
        var (mixture, own, missing) = ((0.1 + 1.0 / 3) / 2, new BoaByHand(), new BoaByHand());
        for (var n = 0; n < 3; n++)
        {
            own.Add(0.1 / mixture - 1);
            missing.Add(1.0 / 3 / mixture - 1);
        }

        var weight = own.Share / (own.Share + missing.Share);
        Assert.Equal(weight, (await host.Http.ReadAsync(Weights)).Expert("a").GetProperty("weight").GetDouble(), 12);
    }

    /// <summary>Neither opinion alone settles the answer.</summary>
    private static ScriptedExpert[] Two() =>
        [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Answers("b", Modality.Text, 0.3, 0.5, 0.2)];

    private static async Task TellAsync(PipelineHost host, string label) =>
        await host.Http.FeedbackAsync((await host.Http.PostAsync("zero")).Id, new { label });

    private static async Task<(int Status, string? Code)> DiffersAsync(PipelineHost host, string id)
    {
        var reply = await host.Http.FeedbackAsync(id, new { label = "2" });
        return (reply.Status, reply.Code);
    }

    private static async Task<Reply> PutAsync(PipelineHost host, string body)
    {
        using var response = await host.Http.PutAsJsonAsync(new Uri(Weights, UriKind.Relative), JsonDocument.Parse(body).RootElement);
        return await Reply.FromAsync(response);
    }

    private async Task<PipelineHost> StartAsync(EnsembleTrust? online, params ScriptedExpert[] experts) =>
        await PipelineHost.StartAsync(_folder.Path, new ScriptedEnsemble(experts, online: online), [.. await transport.SettingsAsync()]);

    /// <summary>Regret and variance as in opera.</summary>
    private sealed class BoaByHand
    {
        private double _regret;
        private double _variance;

        public double Share => Math.Exp(_regret / Math.Sqrt(_variance)) / Math.Sqrt(_variance);

        public void Add(double regret)
        {
            _variance += 2.2 * regret * regret;
            _regret += regret - regret * regret / Math.Sqrt(_variance);
        }
    }
}
