using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Multimodal.Learning.Online;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>Reads a state that a client wants restored, and lets none through that could not have been learned.</summary>
internal static class WeightsReader
{
    /// <summary>Bytes of a body: a thousand experts and more.</summary>
    public const int MaxBody = 1_048_576;

    /// <summary>Reads the body.</summary>
    /// <param name="request">The HTTP request.</param>
    /// <param name="ensemble">Whose weights they will be; it learns from feedback.</param>
    /// <param name="stored">What is stored now: experts that are gone are in it, and so in what <c>GET</c> gave.</param>
    public static async Task<Outcome<TrustState>> ReadAsync(HttpRequest request, Ensemble ensemble, TrustState stored)
    {
        if (!request.HasJsonContentType())
        {
            return Problems.ForStatus(StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            return await ReadBodyAsync(request) is not { } bytes ? Problems.BodyTooLarge(MaxBody, "Send a document that GET of this address gave.")
                : JsonSerializer.Deserialize<WeightsBody>(bytes, JsonFormat.Options) is not { State.ValueKind: JsonValueKind.Object } body
                    ? Problems.InvalidWeights("It is missing or no JSON object.")
                    : Check(TrustState.FromJson(body.State.GetRawText()), ensemble, stored);
        }
        catch (JsonException exception)
        {
            return Problems.Malformed($"The JSON cannot be used at {exception.Path ?? "$"}. Send a document that GET of this address gave.");
        }
        catch (FormatException exception)
        {
            return Problems.InvalidWeights(exception.Message);
        }
    }

    private static Outcome<TrustState> Check(TrustState state, Ensemble ensemble, TrustState stored)
    {
        var online = ensemble.Package.Trust!;
        if (state.Learner != online.Learner || state.Loss != online.Loss)
        {
            return Problems.InvalidWeights($"It is of the learner {state.Learner} with {state.Loss} loss; the ensemble has {online.Learner} with {online.Loss} loss.");
        }

        var named = ensemble.Experts.Keys.Concat(stored.Experts.Keys).ToHashSet(StringComparer.Ordinal);
        string[] missing = [.. ensemble.Gate.Experts.Where(expert => !state.Experts.ContainsKey(expert))];
        string[] problems =
        [
            .. missing.Length > 0 ? [$"It has nothing about {string.Join(", ", missing)}."] : Array.Empty<string>(), .. ExpertTrust.FindProblems(state, named),
        ];
        return problems.Length > 0 ? Problems.InvalidWeights(string.Join(' ', problems)) : state;
    }

    /// <returns>Null when there is more than <see cref="MaxBody"/>.</returns>
    private static async Task<byte[]?> ReadBodyAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxBody)
        {
            return null;
        }

        using var read = new MemoryStream();
        var buffer = new byte[16_384];
        int count;
        while ((count = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            if (read.Length + count > MaxBody)
            {
                return null;
            }

            read.Write(buffer, 0, count);
        }

        return read.ToArray();
    }
}
