using System.Text.Json.Nodes;
using ExternalAction.Contracts.Options.V1;
using ExternalAction.Suite.Tests.Clients;
using Google.Protobuf.Reflection;

namespace ExternalAction.Suite.Tests;

/// <summary>Every role against every rpc, over both protocols, as the contract's access option says.</summary>
[Collection("embedded")]
public sealed class RoleMatrixTests(EmbeddedSuite suite)
{
    private static readonly string[] _roles = ["secretariat", "delegation", "high-representative", "auditor", "reader", "sanctions-officer", "integrator"];

    public static TheoryData<string, string> Rpcs
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var method in Api.Methods().Where(m => !m.IsServerStreaming && !m.IsClientStreaming))
            {
                data.Add($"{method.Service.Name}.{method.Name}", "REST");
                data.Add($"{method.Service.Name}.{method.Name}", "gRPC");
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Rpcs))]
    public async Task Each_rpc_lets_in_exactly_the_roles_its_contract_names(string rpc, string protocol)
    {
        var access = Method(rpc).GetOptions().GetExtension(OptionsExtensions.Access);
        var council = suite.Over(protocol);
        Assert.Equal(access.Anonymous ? null : "UNAUTHENTICATED", await AccessError(() => council.Call(rpc, null, Request(rpc))));
        foreach (var role in _roles)
        {
            var allowed = access.Anonymous || access.AnyRole || access.Roles.Contains(role);
            var token = role == "delegation" ? council.Delegation("FR") : council.TokenAsync(role);
            Assert.Equal((role, allowed ? null : "ROLE_MISSING"), (role, await AccessError(() => council.Call(rpc, token, Request(rpc)))));
        }
    }

    /// <summary>Requests that name nothing real: what they are refused for must not be access. Keys are not rotated by a test of access.</summary>
    private static JsonObject Request(string rpc)
    {
        var input = Method(rpc).InputType;
        var named = new JsonObject { ["id"] = "nosuchfile", ["list"] = "eu", ["code"] = "BLR", ["dataset"] = "eu_fsf" };
        return new JsonObject(named.Where(p => input.FindFieldByName(p.Key) is not null).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
    }

    private static async Task<string?> AccessError(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (ApiException refusal) when (refusal.Code is "UNAUTHENTICATED" or "ROLE_MISSING")
        {
            Assert.Equal(refusal.Code == "UNAUTHENTICATED", refusal.Status is "401" or "Unauthenticated");
            return refusal.Code;
        }
        catch (ApiException)
        {
            return null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null; // a reply that is not JSON (calendar, keys) was let through
        }
    }

    private static MethodDescriptor Method(string rpc) => Api.Methods().Single(m => $"{m.Service.Name}.{m.Name}" == rpc);
}
