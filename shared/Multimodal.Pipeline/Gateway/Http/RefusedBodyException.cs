using Microsoft.AspNetCore.Http;

namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>A body was refused while it was read.</summary>
/// <param name="problem">The refusal.</param>
internal sealed class RefusedBodyException(Problem problem) : BadHttpRequestException(problem.Detail, problem.Status)
{
    /// <summary>The refusal.</summary>
    public Problem Problem { get; } = problem;
}
