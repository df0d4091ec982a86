namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>The database contents that earlier builds wrote. Do not change them.</summary>
internal static class EarlierSchema
{
    /// <summary>Of commit 4961ff8: subscriptions without webhooks and events.</summary>
    public const string First = """
        CREATE TABLE IF NOT EXISTS requests (
            id TEXT NOT NULL PRIMARY KEY,
            tenant TEXT NOT NULL,
            ensemble TEXT NOT NULL,
            idempotency_key TEXT NULL,
            fingerprint TEXT NOT NULL,
            fuse TEXT NOT NULL,
            accepted_at BIGINT NOT NULL,
            budget BIGINT NOT NULL,
            deadline BIGINT NOT NULL,
            sends BIGINT NOT NULL,
            done_at BIGINT NULL,
            result TEXT NULL,
            opinions TEXT NULL,
            UNIQUE (tenant, idempotency_key)
        );
        CREATE INDEX IF NOT EXISTS requests_waiting ON requests (deadline) WHERE done_at IS NULL;
        CREATE INDEX IF NOT EXISTS requests_done ON requests (done_at) WHERE done_at IS NOT NULL;
        CREATE TABLE IF NOT EXISTS feedback (
            request_id TEXT NOT NULL PRIMARY KEY,
            label TEXT NOT NULL,
            received_at BIGINT NOT NULL
        );
        CREATE TABLE IF NOT EXISTS subscriptions (
            tenant TEXT NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            statuses TEXT NOT NULL,
            expires_seconds BIGINT NOT NULL,
            max_length BIGINT NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            PRIMARY KEY (tenant, name)
        );
        """;

    /// <summary>Of commit 0c06004, the last before versions of gate and combiner.</summary>
    public const string BeforeVersions = """
        CREATE TABLE IF NOT EXISTS requests (
            id TEXT NOT NULL PRIMARY KEY,
            tenant TEXT NOT NULL,
            ensemble TEXT NOT NULL,
            idempotency_key TEXT NULL,
            fingerprint TEXT NOT NULL,
            fuse TEXT NOT NULL,
            accepted_at BIGINT NOT NULL,
            budget BIGINT NOT NULL,
            deadline BIGINT NOT NULL,
            sends BIGINT NOT NULL,
            done_at BIGINT NULL,
            result TEXT NULL,
            opinions TEXT NULL,
            UNIQUE (tenant, idempotency_key)
        );
        CREATE INDEX IF NOT EXISTS requests_waiting ON requests (deadline) WHERE done_at IS NULL;
        CREATE INDEX IF NOT EXISTS requests_done ON requests (done_at) WHERE done_at IS NOT NULL;
        CREATE TABLE IF NOT EXISTS feedback (
            request_id TEXT NOT NULL PRIMARY KEY,
            label TEXT NOT NULL,
            received_at BIGINT NOT NULL
        );
        CREATE TABLE IF NOT EXISTS subscriptions (
            tenant TEXT NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            statuses TEXT NOT NULL,
            expires_seconds BIGINT NOT NULL,
            max_length BIGINT NULL,
            url TEXT NULL,
            secret TEXT NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            numbered BIGINT NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant, name)
        );
        CREATE TABLE IF NOT EXISTS deliveries (
            tenant TEXT NOT NULL,
            subscription TEXT NOT NULL,
            request_id TEXT NOT NULL,
            status TEXT NOT NULL,
            recorded_at BIGINT NOT NULL,
            state TEXT NULL,
            tries BIGINT NOT NULL,
            due_at BIGINT NOT NULL,
            outcome TEXT NULL,
            number BIGINT NULL,
            PRIMARY KEY (tenant, subscription, request_id)
        );
        CREATE INDEX IF NOT EXISTS deliveries_request ON deliveries (request_id);
        CREATE INDEX IF NOT EXISTS deliveries_numbered ON deliveries (tenant, subscription, number);
        CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due_at) WHERE state = 'waiting';
        """;

    /// <summary>A row's message to the combiner, as the all-in-one service of commit 0c06004 stored it.</summary>
    public const string Fuse = """
        {"requestId":"01a21432-c4c7-7d01-8a70-d0f5eed33a52","tenant":"default","subscription":"default","ensemble":"digits","parts":[{"modality":"text","mediaType":"text/plain; charset=utf-8","length":5,"sha256":"3ba8d02b16fd2a01c1a8ba1a1f036d7ce386ed953696fa57331c2ac48a80b255","inline":"c2V2ZW4=","blob":null}],
        "plan":{"gateVersion":"3","strategy":"waves","k":2,"price":0.05,"fusion":"learned","experts":[{"name":"text-words","modality":"text","weight":0.9975856397417084,"wave":0},{"name":"text-numerals","modality":"text","weight":0.0024143602582914906,"wave":1}],
        "skipped":[{"name":"vision-handwritten","modality":"image","reason":"absent-modality"},{"name":"vision-printed","modality":"image","reason":"absent-modality"},{"name":"audio-speech","modality":"audio","reason":"absent-modality"},{"name":"audio-dtmf","modality":"audio","reason":"absent-modality"}],
        "features":[1,0.44793987,0.3465736,0.625,0,0.4,0,0,0,0,0,0,0,0,0.2,0.41666666,0,0,1,0,0,0,0,0,0,0,0,0,0,-0.21320072,0,-0.42640144,0.21320072,-0.21320072,0.42640144,0,0.21320072,0.21320072,0,0,0,0,0,0,0,0,0.21320072,0,0,0,-0.21320072,0,-0.21320072,0,0,0,0,-0.21320072,-0.21320072,0,0.42640144,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],
        "featuresMs":0.0266,"gateMs":0.1531},"acceptedAt":"2026-11-25T19:33:21.226192+00:00","deadline":"2026-11-25T19:33:26.226192+00:00","gateway":"ba10bec7-0770-4c01-ba5f-f36475f1906a","traceContext":null,"replyTo":null}
        """;
}
