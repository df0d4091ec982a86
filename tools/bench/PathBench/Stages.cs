namespace Multimodal.Bench.PathBench;

/// <summary>
/// Splits a request into stages at the start and end of its spans; all processes share one clock. Of concurrent expert spans, the last one
/// counts.
/// </summary>
internal static class Stages
{
    private static readonly string[] Names =
    [
        "client, HTTP, reading the body",
        "checks, features, gate",
        "store: row accepted, committed",
        "Fuse written, queued, read",
        "combiner: plan to first question",
        "Analyze written, queued, read (last expert)",
        "expert: batch and model",
        "opinion written, queued, read (last)",
        "combiner: fuses",
        "answer written, queued, read",
        "store: result recorded, committed",
        "wake, HTTP, client",
    ];

    /// <summary>Median milliseconds of each stage, over the requests with a complete set of spans.</summary>
    /// <param name="asked">By request: client start and end, in milliseconds since 1970.</param>
    /// <param name="spans">Spans by request.</param>
    public static IReadOnlyList<(string Stage, double Ms)> Medians(IReadOnlyDictionary<string, (double Start, double End)> asked, ILookup<string, SpanCollector.Span> spans)
    {
        var paths = asked.Select(request => Boundaries(
            request.Value.Start, request.Value.End, spans[request.Key].ToLookup(span => span.Name))).OfType<double[]>().ToArray();
        return [.. Names.Index().Select(
            stage => (stage.Item, ClosedLoop.Median(paths.Select(path => path[stage.Index + 1] - path[stage.Index]))))];
    }

    /// <returns>The boundaries, one more than there are stages; null if a span is missing.</returns>
    private static double[]? Boundaries(double start, double end, ILookup<string, SpanCollector.Span> spans)
    {
        string[] needed = ["multimodal.accept", "multimodal.store", "multimodal.send", "multimodal.fuse", "multimodal.ask", "multimodal.judge", "multimodal.reply", "multimodal.combine", "multimodal.publish", "multimodal.record"];
        if (!needed.All(spans.Contains) || spans["multimodal.store"].Count() < 2)
        {
            return null;
        }

        var stores = spans["multimodal.store"].OrderBy(span => span.Start).ToArray();
        return
        [
            start,
            spans["multimodal.accept"].First().Start,
            stores[0].Start,
            stores[0].End,
            spans["multimodal.fuse"].First().Start,
            spans["multimodal.ask"].Min(span => span.Start),
            spans["multimodal.judge"].Max(span => span.Start),
            spans["multimodal.reply"].Max(span => span.Start),
            spans["multimodal.combine"].First().Start,
            spans["multimodal.publish"].First().Start,
            spans["multimodal.record"].First().Start,
            stores[^1].End,
            end,
        ];
    }
}
