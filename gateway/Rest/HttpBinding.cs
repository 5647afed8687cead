using Google.Api;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Routing.Patterns;

namespace ExternalAction.Gateway.Rest;

/// <summary>
/// One way to reach an rpc over HTTP: a method and a path, and which parts of the request the path, the body and the query
/// fill. An rpc has one of these for its rule and one for each additional binding.
/// </summary>
internal sealed class HttpBinding
{
    private HttpBinding(Rpc rpc, HttpRule rule)
    {
        (Method, var path) = rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => ("GET", rule.Get),
            HttpRule.PatternOneofCase.Put => ("PUT", rule.Put),
            HttpRule.PatternOneofCase.Post => ("POST", rule.Post),
            HttpRule.PatternOneofCase.Delete => ("DELETE", rule.Delete),
            HttpRule.PatternOneofCase.Patch => ("PATCH", rule.Patch),
            HttpRule.PatternOneofCase.Custom => (rule.Custom.Kind, rule.Custom.Path),
            _ => throw new InvalidOperationException($"{rpc.Descriptor.FullName}: its HTTP rule has no pattern."),
        };
        Rpc = rpc;
        Path = PathTemplate.Parse(path);
        Variables = [.. Path.Variables.Select(v => (FieldsOf(rpc.Descriptor.InputType, v.Field), v))];
        WholeBody = rule.Body == "*";
        BodyField = WholeBody || rule.Body.Length == 0 ? null : FieldsOf(rpc.Descriptor.InputType, rule.Body).Single();
        ReplyField = rule.ResponseBody.Length == 0 ? null : FieldsOf(rpc.Descriptor.OutputType, rule.ResponseBody).Single();
        RawField = rpc.Media is { RequestField.Length: > 0 } media ? FieldsOf(rpc.Descriptor.InputType, media.RequestField).Single() : null;
        Endpoint = new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Pattern(path), 0, EndpointMetadataCollection.Empty, rpc.Descriptor.FullName);
        PathFields = Variables.Select(v => string.Join('.', v.Fields.Select(f => f.JsonName))).ToHashSet();
    }

    public Rpc Rpc { get; }

    public string Method { get; }

    /// <summary>Carries the route's name to log and telemetry; it is never invoked.</summary>
    public RouteEndpoint Endpoint { get; }

    public PathTemplate Path { get; }

    /// <summary>The path's variables with the fields they lead through.</summary>
    public IReadOnlyList<(IReadOnlyList<FieldDescriptor> Fields, PathTemplate.Variable Variable)> Variables { get; }

    /// <summary>JSON paths of the fields that the path fills; neither body nor query may name them.</summary>
    public IReadOnlySet<string> PathFields { get; }

    /// <summary>True: the body is the whole request.</summary>
    public bool WholeBody { get; }

    /// <summary>The body is this field; null when it is the whole request or there is none.</summary>
    public FieldDescriptor? BodyField { get; }

    public bool HasBody => WholeBody || BodyField is not null;

    /// <summary>The reply's field that becomes the body; null for the whole reply.</summary>
    public FieldDescriptor? ReplyField { get; }

    /// <summary>The field that a body of one of the rpc's own media types fills: bytes, or a google.api.HttpBody.</summary>
    public FieldDescriptor? RawField { get; }

    /// <summary>The rpc's bindings; none when it has no HTTP rule.</summary>
    public static IEnumerable<HttpBinding> Of(Rpc rpc) =>
        rpc.Http is { } rule ? rule.AdditionalBindings.Prepend(rule).Select(r => new HttpBinding(rpc, r)) : [];

    private static List<FieldDescriptor> FieldsOf(MessageDescriptor root, string path)
    {
        var fields = new List<FieldDescriptor>();
        MessageDescriptor? message = root;
        foreach (var name in path.Split('.'))
        {
            var field = message?.FindFieldByName(name) ?? throw new InvalidOperationException($"{root.FullName} has no field {path}, which an HTTP rule names.");
            fields.Add(field);
            message = field.FieldType == FieldType.Message ? field.MessageType : null;
        }

        return fields;
    }
}
