using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace ExternalAction.Gateway.Rest;

/// <summary>What a path leads to.</summary>
/// <param name="Bindings">The rpcs behind path and method (more than one only when the Accept header chooses); empty when the method is not allowed.</param>
/// <param name="Segments">The path's segments, decoded once.</param>
/// <param name="Allowed">When there are none: the methods that this path has, for the Allow header.</param>
internal sealed record RouteMatch(IReadOnlyList<HttpBinding> Bindings, IReadOnlyList<string> Segments, IReadOnlyList<string> Allowed);

/// <summary>
/// Finds the binding for a request's path: a tree of segments in which a literal is preferred to a star and a star to two
/// stars. It works on the target as sent, so that every value is decoded exactly once and an encoded slash stays a value.
/// </summary>
internal sealed class RouteTable
{
    private readonly Node _root = new();

    public RouteTable(IEnumerable<HttpBinding> bindings)
    {
        foreach (var binding in bindings)
        {
            var node = binding.Path.Segments.Aggregate(_root, (at, segment) => at.Child(segment));
            node.Add(binding);
        }
    }

    /// <summary>Looks a path up.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="rawPath">Path as sent, without query.</param>
    /// <param name="match">What it leads to, when there is such a path.</param>
    /// <returns>False when there is no such path.</returns>
    /// <exception cref="RpcException">A segment is not percent-encoded UTF-8.</exception>
    public bool TryMatch(string method, string rawPath, [NotNullWhen(true)] out RouteMatch? match)
    {
        match = null;
        if (!rawPath.StartsWith('/'))
        {
            return false;
        }

        var colon = rawPath.LastIndexOf(':');
        var verb = colon > rawPath.LastIndexOf('/') ? Percent.Decode(rawPath[(colon + 1)..], null) : "";
        var segments = Array.ConvertAll((verb.Length > 0 ? rawPath[1..colon] : rawPath[1..]).Split('/'), segment => Percent.Decode(segment, null));
        if (Array.Exists(segments, segment => segment is "" or "." or ".."))
        {
            return false;
        }

        var found = new List<List<HttpBinding>>();
        Collect(_root, segments, 0, verb, found);
        foreach (var candidates in found)
        {
            var serving = candidates.FindAll(binding => Serves(binding, method));
            if (serving.Count > 0)
            {
                match = new RouteMatch(serving, segments, []);
                return true;
            }
        }

        match = new RouteMatch([], segments, [.. found.SelectMany(bindings => bindings).Select(binding => binding.Method).Distinct().Order(StringComparer.Ordinal)]);
        return found.Count > 0;
    }

    // HEAD is a GET without its body; a stream has nothing else.
    private static bool Serves(HttpBinding binding, string method) =>
        binding.Method == method || (method == "HEAD" && binding.Method == "GET" && !binding.Rpc.Streams);

    private static void Collect(Node node, string[] segments, int at, string verb, List<List<HttpBinding>> found)
    {
        if (at == segments.Length)
        {
            node.AddTo(found, verb);
            return;
        }

        if (node.Literals.TryGetValue(segments[at], out var literal))
        {
            Collect(literal, segments, at + 1, verb, found);
        }

        if (node.One is { } one)
        {
            Collect(one, segments, at + 1, verb, found);
        }

        node.Rest?.AddTo(found, verb);
    }

    private sealed class Node
    {
        private readonly Dictionary<string, List<HttpBinding>> _byVerb = [];

        public Dictionary<string, Node> Literals { get; } = [];

        public Node? One { get; private set; }

        public Node? Rest { get; private set; }

        public Node Child(string segment) => segment switch
        {
            PathTemplate.One => One ??= new Node(),
            PathTemplate.Rest => Rest ??= new Node(),
            _ => Literals.TryGetValue(segment, out var node) ? node : Literals[segment] = new Node(),
        };

        public void Add(HttpBinding binding)
        {
            if (!_byVerb.TryGetValue(binding.Path.Verb, out var list))
            {
                _byVerb[binding.Path.Verb] = list = [];
            }

            // Two rpcs may share method and path only when the Accept header can tell them apart.
            if (list.Exists(b => b.Method == binding.Method && MediaTypes.ProducedBy(b).Intersect(MediaTypes.ProducedBy(binding)).Any()))
            {
                throw new InvalidOperationException($"{binding.Method} {binding.Path.Text} is claimed twice, by {list[0].Rpc.Descriptor.FullName} and {binding.Rpc.Descriptor.FullName}.");
            }

            list.Add(binding);
        }

        public void AddTo(List<List<HttpBinding>> found, string verb)
        {
            if (_byVerb.TryGetValue(verb, out var list))
            {
                found.Add(list);
            }
        }
    }
}
