using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Multimodal.Learning.Online;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Encodings;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>Reads a trust state to restore, and refuses states that learning cannot produce.</summary>
internal static class WeightsReader
{
    /// <summary>Maximum size of a body in bytes, enough for more than a thousand experts.</summary>
    public const int MaxBodyBytes = 1_048_576;

    /// <param name="request">The HTTP request.</param>
    /// <param name="ensemble">The ensemble that gets the state. It must learn from feedback.</param>
    /// <param name="stored">The stored state. It and the document from <c>GET</c> can contain removed experts.</param>
    public static async Task<Outcome<TrustState>> ReadAsync(HttpRequest request, Ensemble ensemble, TrustState stored)
    {
        var read = await JsonBody.ReadAsync<WeightsBody>(request, MaxBodyBytes, "Send a document as GET on this address returns it.");
        if (read.Value is not { } body)
        {
            return read.Problem!;
        }

        try
        {
            return body.State.ValueKind == JsonValueKind.Object
                ? Check(TrustState.FromJson(body.State.GetRawText()), ensemble, stored)
                : Problems.InvalidWeights("The state is missing or not a JSON object.");
        }
        catch (JsonException exception)
        {
            return Problems.Malformed($"The JSON is invalid at {exception.Path ?? "$"}. Send a document as GET on this address returns it.");
        }
        catch (FormatException exception)
        {
            return Problems.InvalidWeights(exception.Message);
        }
    }

    private static Outcome<TrustState> Check(TrustState state, Ensemble ensemble, TrustState stored)
    {
        var settings = ensemble.Package.Trust!;
        if (state.Learner != settings.Learner || state.Loss != settings.Loss)
        {
            return Problems.InvalidWeights($"The state is from the learner {state.Learner} with {state.Loss} loss; the ensemble uses {settings.Learner} with {settings.Loss} loss.");
        }

        var named = ensemble.Experts.Keys.Concat(stored.Experts.Keys).ToHashSet(StringComparer.Ordinal);
        string[] missing = [.. ensemble.Gate.Experts.Where(expert => !state.Experts.ContainsKey(expert))];
        string[] problems =
        [
            .. missing.Length > 0 ? [$"The state lacks {string.Join(", ", missing)}."] : Array.Empty<string>(), .. ExpertTrust.FindProblems(state, named),
        ];
        return problems.Length > 0 ? Problems.InvalidWeights(string.Join(' ', problems)) : state;
    }
}
