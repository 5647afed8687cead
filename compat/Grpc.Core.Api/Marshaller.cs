// How a message becomes bytes and back. The contextual form writes straight into the transport's buffer, the plain form
// passes arrays. Transports use the contextual form; a marshaller made of the plain one offers both, not the reverse.
using System.Buffers;
using System.Text;

namespace Grpc.Core;

/// <summary>Where a serialized message goes; implemented by the transport.</summary>
public abstract class SerializationContext
{
    /// <summary>Hands the whole payload over as one array and ends the message.</summary>
    public virtual void Complete(byte[] payload) => throw new NotImplementedException();

    /// <summary>The transport's buffer, to be ended by <see cref="Complete()"/>.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotImplementedException();

    /// <summary>Announces the size of the payload in bytes, before the buffer is asked for.</summary>
    public virtual void SetPayloadLength(int payloadLength) { }

    /// <summary>Ends the message written to the buffer.</summary>
    public virtual void Complete() => throw new NotImplementedException();
}

/// <summary>Where a message to deserialize comes from; implemented by the transport.</summary>
public abstract class DeserializationContext
{
    /// <summary>The size of the payload in bytes.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>The payload as an array the caller owns.</summary>
    public virtual byte[] PayloadAsNewBuffer() => throw new NotImplementedException();

    /// <summary>The payload in place; valid only until the deserializer returns.</summary>
    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() => throw new NotImplementedException();
}

/// <summary>Turns messages of one type into bytes and back.</summary>
public class Marshaller<T>
{
    /// <summary>A marshaller over arrays.</summary>
    public Marshaller(Func<T, byte[]> serializer, Func<byte[], T> deserializer)
    {
        Serializer = serializer ?? throw new ArgumentNullException(nameof(serializer));
        Deserializer = deserializer ?? throw new ArgumentNullException(nameof(deserializer));
        ContextualSerializer = (message, context) => context.Complete(serializer(message));
        ContextualDeserializer = context => deserializer(context.PayloadAsNewBuffer());
    }

    /// <summary>A marshaller over the transport's buffers.</summary>
    public Marshaller(Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer)
    {
        ContextualSerializer = serializer ?? throw new ArgumentNullException(nameof(serializer));
        ContextualDeserializer = deserializer ?? throw new ArgumentNullException(nameof(deserializer));
        Serializer = _ => throw ContextualOnly();
        Deserializer = _ => throw ContextualOnly();
    }

    /// <summary>Message to array; throws <see cref="NotImplementedException"/> if the marshaller was made for buffers.</summary>
    public Func<T, byte[]> Serializer { get; }

    /// <summary>Array to message; throws <see cref="NotImplementedException"/> if the marshaller was made for buffers.</summary>
    public Func<byte[], T> Deserializer { get; }

    /// <summary>Message to transport.</summary>
    public Action<T, SerializationContext> ContextualSerializer { get; }

    /// <summary>Transport to message.</summary>
    public Func<DeserializationContext, T> ContextualDeserializer { get; }

    private static NotImplementedException ContextualOnly() => new("This marshaller works on the transport's buffers, not on arrays.");
}

/// <summary>Makes marshallers.</summary>
public static class Marshallers
{
    /// <summary>A marshaller over arrays.</summary>
    public static Marshaller<T> Create<T>(Func<T, byte[]> serializer, Func<byte[], T> deserializer) => new(serializer, deserializer);

    /// <summary>A marshaller over the transport's buffers; what generated code uses.</summary>
    public static Marshaller<T> Create<T>(Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer) =>
        new(serializer, deserializer);

    /// <summary>Text as UTF-8.</summary>
    public static Marshaller<string> StringMarshaller => new(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);
}
