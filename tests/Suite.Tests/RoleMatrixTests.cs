using System.Text.Json.Nodes;
using ExternalAction.Contracts.Decisions.V1;
using ExternalAction.Contracts.Options.V1;
using ExternalAction.Suite.Tests.Clients;
using Google.Protobuf.Reflection;

namespace ExternalAction.Suite.Tests;

/// <summary>Every role against every rpc, over both protocols, as the contract's access option says.</summary>
[Collection("embedded")]
public sealed class RoleMatrixTests(EmbeddedSuite suite)
{
    private static readonly string[] _roles = ["secretariat", "delegation", "high-representative", "auditor", "reader"];

    public static TheoryData<string, string> Rpcs
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var method in Methods().Where(m => !m.IsServerStreaming))
            {
                data.Add(method.Name, "REST");
                data.Add(method.Name, "gRPC");
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Rpcs))]
    public async Task Each_rpc_lets_in_exactly_the_roles_its_contract_names(string rpc, string protocol)
    {
        var access = Methods().Single(m => m.Name == rpc).GetOptions().GetExtension(OptionsExtensions.Access);
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
        var input = Methods().Single(m => m.Name == rpc).InputType;
        return input.FindFieldByName("id") is null ? [] : new JsonObject { ["id"] = "nosuchfile" };
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

    private static IEnumerable<MethodDescriptor> Methods() =>
        new[] { DecisionsReflection.Descriptor, VotesReflection.Descriptor, ReferenceReflection.Descriptor }.SelectMany(f => f.Services).SelectMany(s => s.Methods);
}
