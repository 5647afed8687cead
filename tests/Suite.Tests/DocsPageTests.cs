using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ExternalAction.Contracts.Decisions.V1;
using Google.Api;

namespace ExternalAction.Suite.Tests;

/// <summary>The API page as a browser loads it, up to where its script takes over: every file it asks for is there, and so is every operation.</summary>
[Collection("embedded")]
public sealed partial class DocsPageTests(EmbeddedSuite suite)
{
    [Fact]
    public async Task The_page_brings_everything_it_asks_for_and_reads_a_document_with_every_operation()
    {
        // 1. The page, and what it names; nothing comes from elsewhere.
        using var page = await suite.Http.GetAsync("/docs");
        Assert.Equal("text/html", page.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("default-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var files = Asked().Matches(await page.Content.ReadAsStringAsync()).Select(m => m.Groups["file"].Value).ToList();
        Assert.NotEmpty(files);
        var said = "";
        foreach (var file in files)
        {
            Assert.DoesNotContain("//", file, StringComparison.Ordinal);
            said += await suite.Http.GetStringAsync($"/docs/{file}");
        }
        Assert.Contains("/openapi/v1.json", said, StringComparison.Ordinal);

        // 2. The document: each rpc with an HTTP rule is an operation with a heading.
        var document = JsonNode.Parse(await suite.Http.GetStringAsync("/openapi/v1.json"))!;
        var operations = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject(), (p, o) => (p.Key, o.Key, Summary: (string?)o.Value!["summary"])).ToList();
        Assert.All(operations, o => Assert.Matches("^[A-Z][^`]{3,140}[^.:`]$", o.Summary));
        var rules = new[] { DecisionsReflection.Descriptor, VotesReflection.Descriptor, ReferenceReflection.Descriptor }
            .SelectMany(f => f.Services).SelectMany(s => s.Methods).Select(m => m.GetOptions().GetExtension(AnnotationsExtensions.Http)).Where(r => r is not null);
        Assert.All(rules, rule => Assert.Contains(operations, o => o.Item1 == (rule.Get.Length > 0 ? rule.Get : rule.Post)));
    }

    [GeneratedRegex("(src|href)=\"(?<file>[^\"]+)\"", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Asked();
}
