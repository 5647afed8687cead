using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace ExternalAction.Gateway.Rest;

/// <summary>
/// Writes replies as proto3 JSON: lowerCamelCase, enum names, default values printed so that a client never has to know
/// them, 64-bit numbers as strings.
/// </summary>
internal static class JsonWriter
{
    private static readonly JsonFormatter _formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    /// <summary>The reply, or one field of it, in UTF-8.</summary>
    public static byte[] Write(IMessage reply, FieldDescriptor? field = null)
    {
        if (field is null)
        {
            return Encoding.UTF8.GetBytes(_formatter.Format(reply));
        }

        using var text = new StringWriter();
        _formatter.WriteValue(text, field.Accessor.GetValue(reply));
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
