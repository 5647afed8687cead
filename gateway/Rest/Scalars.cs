using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ExternalAction.Gateway.Rest;

/// <summary>
/// Values of single fields from text: of a path, of a query, of a JSON string or number. The rules are those of proto3
/// JSON, and a value that does not fit says which field and what was expected.
/// </summary>
internal static class Scalars
{
    private static readonly HashSet<string> _wrappers =
    [
        BoolValue.Descriptor.FullName, BytesValue.Descriptor.FullName, DoubleValue.Descriptor.FullName, FloatValue.Descriptor.FullName, Int32Value.Descriptor.FullName,
        Int64Value.Descriptor.FullName, StringValue.Descriptor.FullName, UInt32Value.Descriptor.FullName, UInt64Value.Descriptor.FullName,
    ];

    /// <summary>True for google.protobuf.StringValue and its like: in JSON and in C# they are the value itself.</summary>
    public static bool IsWrapper(FieldDescriptor field) => field.FieldType == FieldType.Message && _wrappers.Contains(field.MessageType.FullName);

    /// <summary>True for messages whose JSON is one string: instants, durations, field masks.</summary>
    public static bool IsText(MessageDescriptor message) =>
        message.FullName == Timestamp.Descriptor.FullName || message.FullName == Duration.Descriptor.FullName || message.FullName == FieldMask.Descriptor.FullName;

    /// <summary>Reads a value, as the CLR type that the field's accessor takes.</summary>
    /// <exception cref="RpcException">INVALID_FIELD.</exception>
    public static object FromText(FieldDescriptor field, string text, FieldPath path) => field.FieldType switch
    {
        FieldType.String => text.Contains('\0', StringComparison.Ordinal) ? throw Refuse.InvalidField(path, "The character NUL is not allowed.") : text,
        FieldType.Bool => text switch
        {
            "true" => true,
            "false" => false,
            _ => throw Expected(path, "true or false"),
        },
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => (int)Whole(text, path, int.MinValue, int.MaxValue),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => (long)Whole(text, path, long.MinValue, long.MaxValue),
        FieldType.UInt32 or FieldType.Fixed32 => (uint)Whole(text, path, uint.MinValue, uint.MaxValue),
        FieldType.UInt64 or FieldType.Fixed64 => (ulong)Whole(text, path, ulong.MinValue, ulong.MaxValue),
        FieldType.Double => Fraction(text, path),
        FieldType.Float => Fraction(text, path) is var value && double.IsFinite(value) && !float.IsFinite((float)value) ? throw Expected(path, "a number in the range of float") : (float)value,
        FieldType.Bytes => Bytes(text, path),
        FieldType.Enum => EnumNumber(field.EnumType, text, path),
        FieldType.Message when IsWrapper(field) => FromText(field.MessageType.FindFieldByNumber(1), text, path),
        FieldType.Message when IsText(field.MessageType) => WellKnown(field.MessageType, $"\"{JsonEncodedText.Encode(text)}\"", path),
        _ => throw Refuse.InvalidField(path, "A message cannot be given as text; name its fields."),
    };

    /// <summary>A well-known message from its JSON, read by its own parser.</summary>
    public static IMessage WellKnown(MessageDescriptor message, string json, FieldPath path)
    {
        try
        {
            return JsonParser.Default.Parse(json, message);
        }
        catch (Exception fault) when (fault is InvalidProtocolBufferException or InvalidOperationException or ArgumentException or OverflowException or FormatException)
        {
            throw Expected(path, message.Name switch
            {
                nameof(Timestamp) => "a time as in RFC 3339, for example 2025-06-01T12:00:00Z",
                nameof(Duration) => "a duration in seconds, for example 3.5s",
                nameof(FieldMask) => "field names separated by commas",
                var name => $"a {name}",
            });
        }
    }

    /// <summary>The number of an enum's value given as a number.</summary>
    public static int EnumNumber(EnumDescriptor type, int number, FieldPath path) =>
        type.FindValueByNumber(number) is { } value && !IsUnspecified(value) ? number : throw ExpectedEnum(type, path);

    private static int EnumNumber(EnumDescriptor type, string name, FieldPath path) =>
        type.FindValueByName(name) is { } value && !IsUnspecified(value) ? value.Number : throw ExpectedEnum(type, path);

    /// <summary>The value that says "not given": it is left out, never sent.</summary>
    public static bool IsUnspecified(EnumValueDescriptor value) =>
        value.Number == 0 && (value.Name == "UNSPECIFIED" || value.Name.EndsWith("_UNSPECIFIED", StringComparison.Ordinal));

    private static RpcException ExpectedEnum(EnumDescriptor type, FieldPath path) =>
        Expected(path, "one of " + string.Join(", ", type.Values.Where(v => !IsUnspecified(v)).Select(v => v.Name)));

    public static RpcException Expected(FieldPath path, string what) => Refuse.InvalidField(path, $"The field {path} must be {what}.");

    // Through decimal, so that 1.0 and 1e3 are whole numbers (as proto3 JSON has it) and nothing is rounded on the way.
    private static decimal Whole(string text, FieldPath path, decimal least, decimal most)
    {
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value)
            || value != decimal.Truncate(value) || value < least || value > most)
        {
            throw Expected(path, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));
        }

        return value;
    }

    private static double Fraction(string text, FieldPath path) => text switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ when double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) => value,
        _ => throw Expected(path, "a number"),
    };

    private static ByteString Bytes(string text, FieldPath path)
    {
        var standard = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        var buffer = new byte[(standard.Length / 4 * 3) + 3];
        return standard.Length % 4 != 1 && !standard.AsSpan().ContainsAny(" \t\r\n")
            && Convert.TryFromBase64String(standard.PadRight((standard.Length + 3) / 4 * 4, '='), buffer, out var length)
            ? ByteString.CopyFrom(buffer, 0, length)
            : throw Expected(path, "base64");
    }
}
