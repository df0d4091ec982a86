using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>Messages with a value in every member.</summary>
internal static class MessageSamples
{
    public static readonly Guid Request = Guid.Parse("01a22823-cf1c-7b74-85cd-5ecf6a6244b3");
    public static readonly Guid Process = Guid.Parse("ba10bec7-0770-4c01-ba5f-f36475f1906a");

    private static readonly DateTimeOffset Accepted = new(2026, 11, 29, 16, 30, 15, 250, TimeSpan.Zero);
    private static readonly StageTimings Timings = new(0.25, 1.5, 2.75, 4);
    private static readonly LabelScore Seven = new("7", 0.875);

    public static MediaPart Part { get; } = new()
    {
        Modality = Modality.Image,
        MediaType = "image/png",
        Length = 5,
        Sha256 = "3ba8d02b16fd2a01c1a8ba1a1f036d7ce386ed953696fa57331c2ac48a80b255",
        Inline = "seven"u8.ToArray(),
        Blob = "default/01a22823cf1c7b7485cd5ecf6a6244b3/image",
    };

    public static ExecutionPlan Plan { get; } = new()
    {
        GateVersion = "4",
        Strategy = "waves",
        K = 2,
        Price = 0.015,
        Fusion = "learned",
        Experts = [new PlannedExpert("vision-printed", Modality.Image, 0.75, 1) { Trust = 0.5 }],
        Skipped = [SkippedExpert.For("audio-dtmf", Modality.Audio, SkipReason.Empty)],
        Online = new OnlineWeights
        {
            Learner = "fixed-share",
            Feedbacks = 12,
            Revision = 13,
            Explores = true,
            Weights = new Dictionary<string, double> { ["vision-printed"] = 0.5 },
            Labels = "0123456789abcdef0123456789abcdef",
        },
        Shadows = [new ShadowExpert("text-words", Modality.Text, SkipReason.NotSampled)],
        Features = [1, 0.5f, 0.3465736f],
        FeaturesMs = 0.5,
        GateMs = 0.125,
    };

    public static Fuse Fuse { get; } = new()
    {
        RequestId = Request,
        Tenant = "lab",
        Subscription = "alarms",
        Ensemble = "digits",
        Parts = [Part],
        Plan = Plan,
        Priority = Priority.Low,
        AcceptedAt = Accepted,
        Deadline = Accepted.AddSeconds(5),
        Gateway = Process,
        TraceContext = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ReplyTo = new ReplyAddress("my-replies", "it's 7 + \"é\""),
    };

    public static Analyze Analyze { get; } = new()
    {
        RequestId = Request,
        Ensemble = "digits",
        Expert = "vision-printed",
        Part = Part,
        Deadline = Accepted.AddSeconds(5),
        ReplyTo = "0770bec74c01ba5f",
        ReadsReplies = true,
    };

    public static ExpertAnswered Answered { get; } = new()
    {
        RequestId = Request,
        Expert = "vision-printed",
        Version = "1.0.0",
        Device = "cuda:0",
        LogProbabilities = [-0.125, -2.5],
        Timings = Timings,
    };

    public static ExpertDeclined Declined { get; } = new()
    {
        RequestId = Request,
        Expert = "vision-printed",
        Reason = DeclineReason.OutOfMemory,
        Detail = "The device has no memory for the batch.",
    };

    public static ExpertReplies Replies => new() { Answered = [Answered], Declined = [Declined] };

    public static ShadowAnswered Shadow { get; } = new()
    {
        RequestId = Request,
        Ensemble = "digits",
        Opinion = new ShadowOpinion("text-words", "7", [-0.125, -2.5]),
    };

    public static WorkerHeartbeat Heartbeat { get; } = new()
    {
        Worker = Process,
        IsLeaving = true,
        Experts = [new ServedExpert("digits", "vision-printed", "1.0.0", "cpu", 3, 1.5, 2.25, 4)],
    };

    public static WaitingPlaces Places { get; } = new()
    {
        Gateway = Process,
        Places =
        [
            new WaitingPlace
            {
                Request = "00112233445566778899aabbccddeeff",
                Client = "ffeeddccbbaa99887766554433221100",
                WaitedMs = 1500,
                ReturnsInMs = 2000,
                IsPromised = true,
            },
        ],
    };

    public static ClockBeacon Clock { get; } = new() { SentAt = Accepted, SteppedSeconds = -7200.5 };

    public static FusedAnswer Answer { get; } = new()
    {
        Id = Request,
        Cached = new CacheReport(Process, 1234),
        Ensemble = "digits",
        Status = AnswerStatus.Partial,
        Label = "7",
        Confidence = 0.875,
        Scores = [Seven, new LabelScore("1", 0.125)],
        Experts =
        [
            new ExpertReport
            {
                Name = "vision-printed",
                Modality = Modality.Image,
                State = ExpertState.Declined,
                Shadow = true,
                Reason = "out-of-memory",
                Detail = "The device has no memory for the batch.",
                Weight = 0.75,
                Trust = 0.5,
                Label = "7",
                Score = 0.875,
                Contribution = 0.25,
                Without = Seven,
                Timings = Timings,
                Version = "1.0.0",
                Device = "cpu",
            },
        ],
        Gate = new GateReport("4", "waves", 2) { Online = new OnlineReport("fixed-share", 12, 13, true) },
        Fusion = new FusionReport("learned", 0.75, 0.25, true) { Version = "4" },
        Timings = new AnswerTimings(0.5, 0.125, 9.75),
    };

    public static AnswerCombined Combined { get; } = new()
    {
        Tenant = "lab",
        Subscription = "alarms",
        Answer = Answer,
        Opinions = new Dictionary<string, IReadOnlyList<double>> { ["vision-printed"] = [-0.125, -2.5] },
        Shadows = [Shadow.Opinion],
        Gateway = Process,
        HasBlobs = true,
        ReplyTo = Fuse.ReplyTo,
    };
}
