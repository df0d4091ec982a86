using Microsoft.Extensions.Time.Testing;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Features;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Gateway.Planning;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Tests.Fakes;

namespace Multimodal.Pipeline.Tests.Gateway.Planning;

/// <summary>The load in workers' heartbeats affects which experts a plan asks, and never the weights.</summary>
public sealed class ExpertLoadsTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private readonly FakeTimeProvider _time = new();
    private readonly MultimodalOptions _options = new();
    private readonly ExpertDirectory _directory;
    private readonly ExpertLoads _loads;
    private readonly Planner _planner;

    /// <summary>Two text experts, of which the gate slightly prefers the first, and one image expert.</summary>
    private readonly Ensemble _ensemble = new ScriptedEnsemble(
        [
            ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1),
            ScriptedExpert.Answers("b", Modality.Text, 0.8, 0.1, 0.1),
            ScriptedExpert.Answers("i", Modality.Image, 0.8, 0.1, 0.1),
        ],
        [0.3, 0, 0]).Create();

    public ExpertLoadsTests()
    {
        _directory = new ExpertDirectory(new HostedExperts(_time), _options.Experts, _time);
        _loads = new ExpertLoads(_directory, _options.Experts, _options.Gateway, _time);
        _planner = new Planner(_time);
    }

    [Fact]
    public void Wait_TwoWorkers_IsAllThatWaitsAtTheirPaceTogether()
    {
        Beat(Guid.NewGuid(), Busy("a", backlog: 10, itemMs: 50, waiting: 100));
        Beat(Guid.NewGuid(), Busy("a", backlog: 30, itemMs: 50, waiting: 90));
        Assert.Equal(TimeSpan.FromMilliseconds((40 + 100) * 25), _directory.EstimateWait("digits", "a"));
    }

    [Fact]
    public void Wait_ANewWorkerJoins_IsTakenToBeAsFast()
    {
        Beat(Guid.NewGuid(), Busy("a", backlog: 10, itemMs: 50, waiting: 30));
        Beat(Guid.NewGuid(), Busy("a", backlog: 0, itemMs: 0, waiting: 30));
        Assert.Equal(TimeSpan.FromMilliseconds(40 * 25), _directory.EstimateWait("digits", "a"));
    }

    [Fact]
    public void Plan_WaitBeyondTheDeadline_SkipsTheExpertAsOverloaded()
    {
        Beat(Guid.NewGuid(), Busy("a", backlog: 64, itemMs: 50, waiting: 60), Idle("b"), Idle("i"));

        var plan = Plan(new MultimodalRequestOptions());

        Assert.Equal(["b"], plan.Experts.Select(expert => expert.Name));
        Assert.Contains(new SkippedExpert("a", Modality.Text, SkipReason.Overloaded), plan.Skipped);
        Assert.Equal(["a", "b"], Plan(new MultimodalRequestOptions { DeadlineMs = 20_000 }).Experts.Select(expert => expert.Name).Order());
    }

    [Fact]
    public void Plan_ExpertBusyForAWhile_ItsSiblingIsAskedWithTheWeightItHad()
    {
        var worker = Guid.NewGuid();
        var top = new MultimodalRequestOptions { Strategy = "top-k", K = 1 };
        var both = new MultimodalRequestOptions { Strategy = "soft" };
        Beat(worker, Idle("a"), Idle("b"), Idle("i"));
        Assert.Equal("a", Plan(top).Experts.Single().Name);
        var weights = Plan(both).Experts.ToDictionary(expert => expert.Name, expert => expert.Weight);

        for (var heartbeat = 0; heartbeat < 2; heartbeat++)
        {
            _time.Advance(TimeSpan.FromSeconds(_options.Experts.HeartbeatSeconds));
            Beat(worker, Busy("a", backlog: 20, itemMs: 50, waiting: 0), Idle("b"), Idle("i"));
            Plan(top);
        }

        Assert.Equal("b", Plan(top).Experts.Single().Name);
        Assert.Equal(weights, Plan(both).Experts.ToDictionary(expert => expert.Name, expert => expert.Weight));

        _time.Advance(TimeSpan.FromSeconds(_options.Experts.HeartbeatSeconds));
        Beat(worker, Idle("a"), Idle("b"), Idle("i"));
        Assert.Equal("a", Plan(top).Experts.Single().Name);
    }

    [Fact]
    public void Plan_NoBias_TheGateAloneChooses()
    {
        _options.Gateway.MostBias = 0;
        var worker = Guid.NewGuid();
        for (var heartbeat = 0; heartbeat < 5; heartbeat++)
        {
            _time.Advance(TimeSpan.FromSeconds(_options.Experts.HeartbeatSeconds));
            Beat(worker, Busy("a", backlog: 20, itemMs: 50, waiting: 0), Idle("b"), Idle("i"));
            Assert.Equal("a", Plan(new MultimodalRequestOptions { Strategy = "top-k", K = 1 }).Experts.Single().Name);
        }
    }

    /// <summary>Every scripted expert costs 1.</summary>
    [Fact]
    public void Plan_Budget_AsksTheBestThatItPays()
    {
        Beat(Guid.NewGuid(), Idle("a"), Idle("b"), Idle("i"));

        var plan = Plan(new MultimodalRequestOptions { Budget = 1.5 });

        Assert.Equal(("budget", "a"), (plan.Strategy, plan.Experts.Single().Name));
        Assert.Empty(OptionsCheck.Check(_ensemble, new MultimodalRequestOptions { Budget = 1.5, Strategy = "budget" }));
        Assert.Contains("options.budget", OptionsCheck.Check(_ensemble, new MultimodalRequestOptions { Budget = 1.5, Strategy = "waves" }).Keys);
    }

    private ExecutionPlan Plan(MultimodalRequestOptions options) => _planner.Plan(
        _ensemble,
        new PlanInput(
            Guid.Empty,
            options,
            new HashSet<Modality> { Modality.Text },
            new float[RequestFeatures.Names.Count],
            0,
            options.DeadlineMs is { } deadline ? TimeSpan.FromMilliseconds(deadline) : Timeout),
        _loads.Of(_ensemble));

    private void Beat(Guid worker, params ServedExpert[] experts) => _directory.Record(new WorkerHeartbeat { Worker = worker, Experts = experts });

    private static ServedExpert Busy(string name, int backlog, double itemMs, int waiting) =>
        new("digits", name, "1.0.0", "cpu", backlog, 1, itemMs, waiting);

    private static ServedExpert Idle(string name) => Busy(name, backlog: 0, itemMs: 0, waiting: 0);
}
