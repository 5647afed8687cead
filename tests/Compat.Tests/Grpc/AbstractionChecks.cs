// The rules of the plain types that no call exercises by itself.
using System.Text;
using Grpc.Core;
using Grpc.Core.Utils;

namespace ExternalAction.Compat.Tests;

public class AbstractionChecks
{
    [Theory]
    [InlineData("two words")]
    [InlineData("ümlaut")]
    [InlineData("a:b")]
    public void A_malformed_metadata_key_is_refused(string key) => Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, "value"));

    [Fact]
    public void A_metadata_key_says_whether_its_value_is_text_or_bytes()
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("x-bin", "text"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("x", [1]));
        Assert.Throws<InvalidOperationException>(() => new Metadata.Entry("x-bin", [1]).Value);
        Assert.Equal("text"u8.ToArray(), new Metadata.Entry("X", "text").ValueBytes);
    }

    [Fact]
    public void Metadata_finds_the_last_entry_of_a_key_in_any_case_and_all_of_them_in_order()
    {
        var metadata = new Metadata { { "Key", "1" }, { "key", "2" }, { "other", "3" } };

        Assert.Equal("2", metadata.GetValue("KEY"));
        Assert.Equal(["1", "2"], metadata.GetAll("key").Select(entry => entry.Value));
        Assert.Null(metadata.Get("none"));
    }

    [Fact]
    public void Bytes_in_metadata_cannot_be_changed_from_outside()
    {
        byte[] bytes = [1, 2];
        var entry = new Metadata.Entry("x-bin", bytes);
        bytes[0] = 9;
        entry.ValueBytes[1] = 9;

        Assert.Equal([1, 2], entry.ValueBytes);
    }

    [Fact]
    public void Empty_metadata_stays_empty()
    {
        Assert.True(Metadata.Empty.IsReadOnly);
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("a", "b"));
        Assert.Empty(Metadata.Empty);
    }

    [Fact]
    public void A_marshaller_made_for_arrays_serves_transports_and_one_made_for_buffers_serves_only_them()
    {
        var arrays = Marshallers.StringMarshaller;
        var buffers = Marshallers.Create<string>((text, context) => context.Complete(Encoding.UTF8.GetBytes(text)), context => Encoding.UTF8.GetString(context.PayloadAsNewBuffer()));
        var transport = new Transport();

        arrays.ContextualSerializer("naïve", transport);

        Assert.Equal("naïve", arrays.Deserializer(transport.Payload));
        Assert.Throws<NotImplementedException>(() => buffers.Serializer("naïve"));
        Assert.Throws<NotImplementedException>(() => buffers.Deserializer(transport.Payload));
    }

    [Fact]
    public void An_exception_names_its_status_and_keeps_the_cause_inside()
    {
        var cause = new IOException("broken pipe");
        var error = new RpcException(new Status(StatusCode.Unavailable, "gone", cause));

        Assert.Equal("Status(StatusCode=\"Unavailable\", Detail=\"gone\", DebugException=\"System.IO.IOException: broken pipe\")", error.Message);
        Assert.Same(cause, error.InnerException);
        Assert.Equal("Status(StatusCode=\"OK\", Detail=\"\")", Status.DefaultSuccess.ToString());
    }

    [Fact]
    public void Options_change_in_a_copy()
    {
        var options = new CallOptions(headers: []);
        var changed = options.WithWaitForReady().WithDeadline(DateTime.MaxValue).WithWriteOptions(new WriteOptions(WriteFlags.NoCompress));

        Assert.False(options.IsWaitForReady);
        Assert.True(changed.IsWaitForReady);
        Assert.Equal(DateTime.MaxValue, changed.Deadline);
        Assert.Equal(WriteFlags.NoCompress, changed.WriteOptions?.Flags);
        Assert.Same(options.Headers, changed.Headers);
    }

    [Fact]
    public void Preconditions_throw_what_their_names_promise()
    {
        Assert.Equal("a", GrpcPreconditions.CheckNotNull("a"));
        Assert.Equal("name", Assert.Throws<ArgumentNullException>(() => GrpcPreconditions.CheckNotNull<string?>(null, "name")).ParamName);
        Assert.Throws<ArgumentException>(() => GrpcPreconditions.CheckArgument(false, "wrong"));
        Assert.Throws<InvalidOperationException>(() => GrpcPreconditions.CheckState(false, "wrong"));
    }

    [Fact]
    public void A_method_of_a_service_can_be_added_only_once()
    {
        var text = Marshallers.StringMarshaller;
        var method = new Method<string, string>(MethodType.Unary, "package.Service", "Do", text, text);
        var builder = ServerServiceDefinition.CreateBuilder().AddMethod(method, (request, _) => Task.FromResult(request));

        Assert.Equal("/package.Service/Do", method.FullName);
        Assert.Throws<ArgumentException>(() => builder.AddMethod(method, (request, _) => Task.FromResult(request)));
    }

    private sealed class Transport : SerializationContext
    {
        public byte[] Payload { get; private set; } = [];

        public override void Complete(byte[] payload) => Payload = payload;
    }
}
