using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Planning;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Checks a submission: its options against the ensemble, its parts by their bytes.</summary>
internal sealed class SubmissionChecker(EnsembleCatalog ensembles, PartReader reader)
{
    /// <summary>Checks the options.</summary>
    public Outcome<CheckedSubmission> Check(Submission submission)
    {
        if (!ensembles.TryGet(submission.Options.Ensemble ?? ensembles.DefaultName, out var ensemble))
        {
            return Problems.InvalidOptions(new Dictionary<string, string>
            {
                ["options.ensemble"] = "must be one of " + string.Join(", ", ensembles.All.Select(known => known.Name)),
            });
        }

        if (OptionsCheck.Check(ensemble, submission.Options) is { Count: > 0 } errors)
        {
            return Problems.InvalidOptions(errors);
        }

        var digests = submission.Parts.ToDictionary(part => part.Key, part => Convert.ToHexStringLower(SHA256.HashData(part.Value.Span)));
        return new CheckedSubmission(submission, ensemble, digests, Fingerprint(digests, submission.Options));
    }

    /// <summary>Checks the parts and computes the gate's features.</summary>
    public Task<Outcome<RequestParts>> ReadPartsAsync(CheckedSubmission submission, CancellationToken cancellationToken) =>
        reader.ReadAsync(submission.Submission.Parts, cancellationToken);

    private static string Fingerprint(Dictionary<Modality, string> digests, MultimodalRequestOptions options)
    {
        var asked = JsonSerializer.Serialize(new { Parts = digests.OrderBy(part => part.Key).Select(part => $"{part.Key}:{part.Value}"), options }, JsonFormat.Options);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(asked)));
    }
}
