using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Multimodal.Bench.Services;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.RabbitMq;
using Multimodal.Testing;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Tests.Messaging.RabbitMq;

/// <summary>What the client library accepts with our settings, against a server of the test that speaks TLS.</summary>
public sealed class BrokerTlsTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly CertificateAuthority _authority;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public BrokerTlsTests()
    {
        _authority = new CertificateAuthority(_folder.At("ours"), TimeProvider.System);
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Connect_CertificateOfTheAuthority_IsAcceptedWithTheClientCertificate()
    {
        var server = ServeAsync(_authority.IssueServer("broker"));
        var connecting = ConnectAsync(Options(_authority.File));

        var (header, client) = await server;

        Assert.Equal("AMQP", header);
        Assert.Equal("CN=client", client);
        Assert.Null(BrokerTls.ReasonOf(await connecting));
    }

    [Fact]
    public async Task Connect_OtherAuthority_IsRefusedWithTheSettingToChange()
    {
        using var other = new CertificateAuthority(_folder.At("other"), TimeProvider.System);
        _ = ServeAsync(other.IssueServer("broker"));

        var reason = BrokerTls.ReasonOf(await ConnectAsync(Options(_authority.File)));

        Assert.Contains("The broker's certificate (CN=broker) is not accepted by the authorities in", reason, StringComparison.Ordinal);
        Assert.EndsWith("Set Multimodal:Transport:Broker:Tls:CaFile to the PEM file of the authority that signed it.", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_AuthorityUnknownToTheSystem_IsRefused()
    {
        _ = ServeAsync(_authority.IssueServer("broker"));

        var reason = BrokerTls.ReasonOf(await ConnectAsync(Options("")));

        Assert.Contains("is not accepted by the authorities of the system", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_OtherHostName_IsRefusedWithTheNames()
    {
        _ = ServeAsync(_authority.IssueServer("broker", "broker.example", "192.0.2.1"));

        var reason = BrokerTls.ReasonOf(await ConnectAsync(Options(_authority.File)));

        Assert.Equal(
            "The broker's certificate is for broker.example, 192.0.2.1, not for 127.0.0.1. Set Multimodal:Transport:Broker:Host or Multimodal:Transport:Broker:Tls:ServerName to a name in the certificate.",
            reason);
    }

    [Fact]
    public async Task Connect_ServerName_IsTheNameToCompare()
    {
        var server = ServeAsync(_authority.IssueServer("broker", "broker.example"));
        var options = Options(_authority.File);
        options.Tls.ServerName = "broker.example";
        _ = ConnectAsync(options);

        Assert.Equal("AMQP", (await server).Header);
    }

    [Fact]
    public async Task Connect_PortWithoutTls_NamesThePort()
    {
        _ = Task.Run(async () =>
        {
            using var client = await _listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("AMQP\0\0\u0009\u0001 this is not TLS"));
            await client.GetStream().ReadExactlyAsync(new byte[8]);
        });

        var reason = BrokerTls.ReasonOf(await ConnectAsync(Options(_authority.File)));

        Assert.Contains("Check that Multimodal:Transport:Broker:Port is the port of the broker's TLS listener, usually 5671.", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Option_FileIsMissing_NamesTheSetting()
    {
        var authority = Assert.Throws<InvalidOperationException>(() => BrokerTls.OptionFor(Options(_folder.At("none.pem"))));
        var options = Options(_authority.File);
        options.Tls.ClientKey = _folder.At("none.key");
        var client = Assert.Throws<InvalidOperationException>(() => BrokerTls.OptionFor(options));

        Assert.StartsWith("Multimodal:Transport:Broker:Tls:CaFile must name a readable PEM file:", authority.Message, StringComparison.Ordinal);
        Assert.StartsWith("Multimodal:Transport:Broker:Tls:ClientCertificate must name a readable PEM file:", client.Message, StringComparison.Ordinal);
    }

    private BrokerOptions Options(string authority) => new()
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        Tls = new BrokerTlsOptions { Enabled = true, CaFile = authority, ClientCertificate = _authority.Client.Certificate, ClientKey = _authority.Client.Key },
    };

    /// <summary>Connects, which always fails, because the server closes the connection.</summary>
    private static async Task<Exception> ConnectAsync(BrokerOptions options)
    {
        var factory = new ConnectionFactory { HostName = options.Host, Port = options.Port, Ssl = BrokerTls.OptionFor(options) };
        return await Assert.ThrowsAnyAsync<Exception>(() => factory.CreateConnectionAsync());
    }

    /// <summary>Accepts one connection and reads the start of the protocol.</summary>
    private async Task<(string Header, string? Client)> ServeAsync((string Certificate, string Key) files)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        using var client = await _listener.AcceptTcpClientAsync();
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = _authority.Accepts,
        });
        var header = new byte[4];
        await tls.ReadExactlyAsync(header);
        return (Encoding.ASCII.GetString(header), tls.RemoteCertificate?.Subject);
    }
}
