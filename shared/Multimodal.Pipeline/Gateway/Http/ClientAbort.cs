using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>Recognizes calls that failed because the client closed its connection or cancelled its stream.</summary>
internal static class ClientAbort
{
    /// <summary>The status that such calls are counted with. It is not registered; nginx introduced it.</summary>
    public const int Status = 499;

    /// <summary>Whether the client caused a failure.</summary>
    public static bool Explains(Exception exception, HttpContext http) =>
        exception is ConnectionResetException or ConnectionAbortedException
        || (http.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException or ObjectDisposedException)

        // The server throws this before it cancels RequestAborted.
        || (exception is BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } and not RefusedBodyException
            && exception.Message.StartsWith("Unexpected end of request content", StringComparison.Ordinal));
}
