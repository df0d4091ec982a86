using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Blobs;

/// <summary>
/// A blob store in a bucket of Amazon S3 or a compatible server. The signed request contains the payload's SHA-256, so the server rejects
/// a corrupted upload; <see cref="PayloadReader"/> rejects a corrupted download.
/// </summary>
internal sealed class S3Blobs : IBlobStore, IDisposable
{
    private readonly AmazonS3Client _client;
    private readonly string _bucket;
    private readonly string _prefix;

    public S3Blobs(S3Options options)
    {
        _bucket = options.Bucket;
        _prefix = options.Prefix.Length == 0 ? "" : options.Prefix.TrimEnd('/') + "/";
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.PathStyle,
            Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
            MaxErrorRetry = options.Retries,

            // Some compatible servers do not support the newer checksums. The signature covers the content anyway.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint.Length > 0)
        {
            config.ServiceURL = options.Endpoint;
            config.AuthenticationRegion = options.Region;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        _client = options.AccessKey.Length > 0
            ? new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config)
            : new AmazonS3Client(config);
    }

    public async Task<string> WriteAsync(string tenant, Guid request, Modality modality, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var key = BlobKey.Of(tenant, request, modality);
        await using var body = System.Runtime.InteropServices.MemoryMarshal.TryGetArray(content, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);
        await CallAsync(
            "write",
            cancel => _client.PutObjectAsync(
                new PutObjectRequest { BucketName = _bucket, Key = _prefix + key, InputStream = body, AutoCloseStream = false, UseChunkEncoding = false }, cancel),
            cancellationToken);
        PipelineMetrics.BlobWritten(content.Length);
        return key;
    }

    public async Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var response = await CallAsync("read", cancel => _client.GetObjectAsync(_bucket, _prefix + key, cancel), cancellationToken);
            return response.ResponseStream;
        }
        catch (BlobStoreException exception) when (exception.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound, ErrorCode: not "NoSuchBucket" })
        {
            return null;
        }
    }

    public async Task DeleteAsync(string tenant, Guid request, CancellationToken cancellationToken)
    {
        // One call without listing the keys first, because deleting a missing key succeeds.
        var delete = new DeleteObjectsRequest
        {
            BucketName = _bucket,
            Quiet = true,
            Objects = [.. BlobKey.AllOf(tenant, request).Select(key => new KeyVersion { Key = _prefix + key })],
        };
        await CallAsync("delete", cancel => _client.DeleteObjectsAsync(delete, cancel), cancellationToken);
    }

    public async IAsyncEnumerable<(string Tenant, Guid Request)> RequestsAsync(
        DateTimeOffset unchangedSince, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var list = new ListObjectsV2Request { BucketName = _bucket, Prefix = _prefix };
        (string, Guid)? previous = null;
        do
        {
            var page = await CallAsync("list", cancel => _client.ListObjectsV2Async(list, cancel), cancellationToken);
            foreach (var found in page.S3Objects ?? [])
            {
                // Keys are listed in order, so the payloads of a request are adjacent. One that is old enough is sufficient.
                if (Parse(found.Key[_prefix.Length..]) is { } request && request != previous && found.LastModified <= unchangedSince.UtcDateTime)
                {
                    previous = request;
                    yield return request;
                }
            }

            list.ContinuationToken = page.NextContinuationToken;
        }
        while (list.ContinuationToken is not null);
    }

    public void Dispose() => _client.Dispose();

    private static (string Tenant, Guid Request)? Parse(string key) =>
        key.Split('/') is [var tenant, var request, _] && Guid.TryParseExact(request, "n", out var id) ? (tenant, id) : null;

    private static async Task<T> CallAsync<T>(string operation, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or OperationCanceledException)
        {
            if (exception is not AmazonS3Exception { StatusCode: HttpStatusCode.NotFound } || operation != "read")
            {
                PipelineMetrics.BlobFailed(operation);
            }

            throw new BlobStoreException(operation, exception);
        }
    }
}
