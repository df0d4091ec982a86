using Microsoft.Extensions.Time.Testing;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Tests.Gateway.Admission;

/// <summary>
/// Two gateways that answer 12.5 requests per second each, and clients that want more. Polite clients honour Retry-After and alternate between the
/// gateways. Time is simulated in steps of 20 ms.
/// </summary>
public sealed class StarvationTests
{
    private const double PerSecond = 12.5;
    private const int Polite = 60;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(2);

    /// <summary>Each client is served once before a client is served again; a quarter more, and two whole seconds of Retry-After.</summary>
    private const double Bound = (1.25 * (Polite + 6) / (2 * PerSecond)) + 2;

    /// <summary>How long a gateway lets a request wait for its turn.</summary>
    private static readonly TimeSpan HoldTime = TimeSpan.FromSeconds(3);

    /// <summary>One place per client, and those of requests that the other gateway accepted within the last 200 ms.</summary>
    private const int MaxPlaces = Polite + 6 + 6;

    private readonly FakeTimeProvider _time = new();
    private readonly List<double> _waits = [];
    private int _accepted;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PoliteAndRude_WithPlaces_NoPoliteClientStarvesAndNoSlotIsWasted(bool isOneAddress)
    {
        var gateways = Run(new GatewayOptions(), isOneAddress, rude: 6, newKeys: 0);

        Assert.InRange(_waits.Max(), 0, Bound);
        Assert.InRange(_accepted / Duration.TotalSeconds, 2 * PerSecond * 0.95, 2 * PerSecond * 1.05);
        Assert.All(gateways, gateway => Assert.InRange(gateway.Admission.Places, 0, MaxPlaces));
    }

    [Fact]
    public void PoliteAndRude_WithoutPlaces_PoliteClientsStarve()
    {
        Run(new GatewayOptions { MaxWaiting = 0 }, isOneAddress: true, rude: 6, newKeys: 0);

        Assert.True(_waits.Max() > 3 * Bound, $"{_waits.Max()} s");
    }

    [Fact]
    public void AttackerWithANewKeyForEachAttempt_OtherClientsDoNotStarveAndMemoryIsBounded()
    {
        var gateways = Run(new GatewayOptions { MaxWaiting = 300 }, isOneAddress: false, rude: 0, newKeys: 10);

        Assert.InRange(_waits.Max(), 0, Bound);
        Assert.All(gateways, gateway => Assert.InRange(gateway.Admission.Places, 0, 300));
    }

    private Gateway[] Run(GatewayOptions options, bool isOneAddress, int rude, int newKeys)
    {
        Gateway[] gateways = [new Gateway(options, _time), new Gateway(options, _time)];
        SimulatedClient[] clients =
        [
            .. Enumerable.Range(0, Polite).Select(number => new SimulatedClient(number, isOneAddress ? "proxy" : $"polite {number}", TimeSpan.FromSeconds(0.02 * number))),
            .. Enumerable.Range(0, rude).Select(number => new SimulatedClient(Polite + number, isOneAddress ? "proxy" : $"rude {number}", TimeSpan.Zero) { IsRude = true }),
            .. Enumerable.Range(0, newKeys).Select(number => new SimulatedClient(1000 + number, "attacker", TimeSpan.Zero) { IsRude = true, HasNewKeys = true }),
        ];
        for (var (now, step) = (TimeSpan.Zero, 0); now < Duration; now += Step, step++)
        {
            foreach (var gateway in gateways)
            {
                gateway.Serve();
            }

            foreach (var client in clients.Where(client => client.NextAt <= now))
            {
                Attempt(client, gateways[client.Turn % 2], now);
            }

            if (step % 10 == 0)
            {
                Share(gateways[0], gateways[1]);
                Share(gateways[1], gateways[0]);
            }

            _time.Advance(Step);
        }

        // Requests that still wait count with the time so far.
        _waits.AddRange(clients.Where(client => client is { IsRude: false, FirstAt: not null }).Select(client => (Duration - client.FirstAt!.Value).TotalSeconds));
        return gateways;
    }

    private static void Share(Gateway from, Gateway to)
    {
        foreach (var place in from.Admission.TakeChanges(1000))
        {
            to.Admission.Learn(place);
        }
    }

    private void Attempt(SimulatedClient client, Gateway gateway, TimeSpan now)
    {
        client.FirstAt ??= now;
        var refused = gateway.TryAccept(client, now);
        if (client.Held is not null)
        {
            return;
        }

        client.Turn++;
        if (refused is { } retryAfter)
        {
            client.NextAt = client.IsRude ? now + Step : now + retryAfter;
            return;
        }

        _accepted++;
        if (!client.IsRude)
        {
            _waits.Add((now - client.FirstAt.Value).TotalSeconds);
        }

        client.Accepted(now + Step);
    }

    private sealed class Gateway(GatewayOptions options, FakeTimeProvider time)
    {
        private readonly Queue<Guid> _inFlight = [];
        private double _credit;

        public AdmissionControl Admission { get; } = new(new InFlightLimit(16, 16), new TransportOptions { Kind = TransportOptions.RabbitMq }, options, time);

        /// <summary>Posts a request, or continues a post that waits for its turn.</summary>
        /// <returns>When to retry; null if the request was accepted or waits.</returns>
        public TimeSpan? TryAccept(SimulatedClient client, TimeSpan now)
        {
            TimeSpan? refused;
            if (client.Held is null)
            {
                client.NextRequest();
                (client.Held, refused) = Admission.Ask(client.Identity, out _);
                client.HeldUntil = now + HoldTime;
            }
            else if (client.Held.State == PlaceState.Granted || now >= client.HeldUntil)
            {
                refused = Admission.EndHold(client.Held);
                client.Held = null;
            }
            else
            {
                return null;
            }

            if (client.Held is not null || refused is not null)
            {
                return refused;
            }

            using var slot = Admission.TryEnter(client.Identity, Priority.Normal, out var retryAfter);
            if (slot is null)
            {
                return retryAfter;
            }

            var id = Guid.NewGuid();
            slot.Keep(id, time.GetUtcNow() + TimeSpan.FromSeconds(5));
            _inFlight.Enqueue(id);
            return null;
        }

        public void Serve()
        {
            _credit = Math.Min(1, _credit + (PerSecond * Step.TotalSeconds));
            if (_credit >= 1 && _inFlight.TryDequeue(out var id))
            {
                _credit--;
                Admission.Leave(id);
            }
        }
    }

    private sealed class SimulatedClient(int number, string address, TimeSpan first)
    {
        private readonly PlaceKey _client = PlaceKey.Of("client", address);
        private int _request;

        public TimeSpan NextAt { get; set; } = first;

        public TimeSpan? FirstAt { get; set; }

        public int Turn { get; set; } = number % 2;

        public bool IsRude { get; init; }

        public bool HasNewKeys { get; init; }

        public RequestIdentity Identity { get; private set; }

        public Place? Held { get; set; }

        public TimeSpan HeldUntil { get; set; }

        public void NextRequest() => Identity = new RequestIdentity(PlaceKey.Of($"{number}", $"{(HasNewKeys ? _request++ : _request)}"), _client);

        public void Accepted(TimeSpan next) => (_request, NextAt, FirstAt) = (_request + 1, next, null);
    }
}
