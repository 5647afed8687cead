using System.Text;
using Grpc.Core;

namespace ExternalAction.Gateway.Rest;

/// <summary>
/// Percent-decoding that is done once and to the letter: a stray percent sign, bytes that are not UTF-8 and NUL are
/// refused instead of being passed on or replaced.
/// </summary>
internal static class Percent
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes a path segment or a query part.</summary>
    /// <param name="text">As sent.</param>
    /// <param name="field">The field it belongs to, for the refusal; null when it is not known yet.</param>
    /// <param name="plusIsSpace">True in a query.</param>
    /// <exception cref="RpcException">INVALID_FIELD.</exception>
    public static string Decode(string text, string? field, bool plusIsSpace = false)
    {
        if (!text.AsSpan().ContainsAny('%', '+', '\0') && Ascii.IsValid(text))
        {
            return text;
        }

        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '%' when i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]):
                    bytes[length++] = Convert.FromHexString(text.AsSpan(i + 1, 2))[0];
                    i += 2;
                    break;
                case '%':
                    throw Refuse.InvalidField(field, "A percent sign must be followed by two hexadecimal digits.");
                case '+' when plusIsSpace:
                    bytes[length++] = (byte)' ';
                    break;
                case var c when char.IsAscii(c):
                    bytes[length++] = (byte)c;
                    break;
                default:
                    throw Refuse.InvalidField(field, "Characters outside ASCII must be percent-encoded.");
            }
        }

        try
        {
            var decoded = _strict.GetString(bytes, 0, length);
            return decoded.Contains('\0', StringComparison.Ordinal) ? throw Refuse.InvalidField(field, "The character NUL is not allowed.") : decoded;
        }
        catch (DecoderFallbackException)
        {
            throw Refuse.InvalidField(field, "The percent-encoded bytes are not UTF-8.");
        }
    }
}
