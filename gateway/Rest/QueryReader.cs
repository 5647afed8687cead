using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace ExternalAction.Gateway.Rest;

/// <summary>
/// Fills a request from the query: <c>?pageSize=20&amp;filter.state=ADOPTED&amp;code=FR&amp;code=DE</c>. A dot leads into a message,
/// a name given several times fills a list. An empty value of anything but a text means "not given", as an HTML form sends it.
/// </summary>
internal static class QueryReader
{
    /// <summary>Most parameters a query may have.</summary>
    public const int MaxParameters = 256;

    /// <summary>Fills the message.</summary>
    /// <param name="message">The request.</param>
    /// <param name="query">The query as sent, with or without its question mark.</param>
    /// <param name="taken">JSON paths of fields that path or body fill.</param>
    /// <returns>JSON paths of the fields that the query has filled.</returns>
    /// <exception cref="RpcException">UNKNOWN_FIELD, INVALID_FIELD.</exception>
    public static IReadOnlySet<string> Read(IMessage message, string query, IReadOnlySet<string> taken)
    {
        var seen = new HashSet<string>();
        var count = 0;
        foreach (var part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (++count > MaxParameters)
            {
                throw Refuse.TooManyParameters(MaxParameters);
            }

            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = Percent.Decode(equals < 0 ? part : part[..equals], null, plusIsSpace: true);
            var text = equals < 0 ? "" : Percent.Decode(part[(equals + 1)..], name, plusIsSpace: true);
            ReadParameter(message, name, text, taken, seen);
        }

        return seen;
    }

    /// <summary>Refuses a query where everything comes from path and body.</summary>
    /// <exception cref="RpcException">UNKNOWN_FIELD.</exception>
    public static void RefuseAny(string query)
    {
        if (query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries) is [var first, ..])
        {
            throw Refuse.NotInQuery(Percent.Decode(first.Split('=')[0], null, plusIsSpace: true));
        }
    }

    private static void ReadParameter(IMessage message, string name, string text, IReadOnlySet<string> taken, HashSet<string> seen)
    {
        FieldPath? path = null;
        FieldDescriptor? field = null;
        foreach (var part in name.Split('.'))
        {
            // 1. Into the message named so far, which is made when this is its first field.
            if (field is not null)
            {
                message = Enter(message, field, name);
            }

            // 2. The field of this part.
            if (!FieldNames.TryGet(message.Descriptor, part, out field))
            {
                throw Refuse.UnknownField(name);
            }

            path = FieldPath.In(path, field.JsonName);
            if (taken.Contains(path.ToString()))
            {
                throw Refuse.FromPath(path);
            }
        }

        // 3. The value.
        if (field!.IsMap)
        {
            throw Refuse.InvalidField(path, $"The field {path} is a map and cannot be given in the query.");
        }

        var isText = field.FieldType is FieldType.String or FieldType.Bytes;
        if (field.IsRepeated)
        {
            seen.Add(path!.ToString());
            ((IList)field.Accessor.GetValue(message)).Add(Scalars.FromText(field, text, path));
            return;
        }

        if (!seen.Add(path!.ToString()))
        {
            throw Refuse.InvalidField(path, $"The field {path} is given twice.");
        }

        if (field.RealContainingOneof?.Accessor.GetCaseFieldDescriptor(message) is not null)
        {
            throw Refuse.InvalidField(path, $"Only one of {string.Join(", ", field.RealContainingOneof.Fields.Select(f => f.JsonName))} may be given.");
        }

        if (text.Length > 0 || isText)
        {
            field.Accessor.SetValue(message, Scalars.FromText(field, text, path));
        }
    }

    private static IMessage Enter(IMessage message, FieldDescriptor field, string name)
    {
        if (field.FieldType != FieldType.Message || field.IsRepeated || Scalars.IsWrapper(field))
        {
            throw Refuse.UnknownField(name);
        }

        if (field.Accessor.GetValue(message) is not IMessage inner)
        {
            inner = field.MessageType.Parser.ParseFrom(ByteString.Empty);
            field.Accessor.SetValue(message, inner);
        }

        return inner;
    }
}
