using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Gateway.Keys;

/// <summary>Tenants within one process.</summary>
public sealed class TenantTests() : TenantScenarios(TestTransport.InMemory);
