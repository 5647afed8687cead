using System.Text;

namespace ExternalAction.Journal.Tests;

/// <summary>Names and JSON are the storage format: old names stay readable, wrong names are refused at start.</summary>
public sealed class EventCodecTests
{
    [Fact]
    public void An_old_shape_is_read_as_todays_event_and_never_written()
    {
        var codec = new EventCodec<AccountEvent>()
            .Add("deposited.v2", AccountsJson.Default.Deposited)
            .AddOld("deposited.v1", AccountsJson.Default.Withdrawn, old => new AccountEvent.Deposited(old.Account, old.Cents, "from v1"));
        Assert.Equal(new AccountEvent.Deposited("x", 5, "from v1"), codec.Decode("deposited.v1", """{"account":"x","cents":5}"""u8));
        var (type, payload) = codec.Encode(new AccountEvent.Deposited("x", 5, "n"));
        Assert.Equal(("deposited.v2", """{"cents":5,"note":"n","account":"x"}"""), (type, Encoding.UTF8.GetString(payload)));
    }

    [Theory]
    [InlineData("Deposited.v1")]
    [InlineData("deposited")]
    [InlineData("deposited.v0")]
    [InlineData("journal.deposited.v1")]
    [InlineData("")]
    public void A_name_that_is_malformed_or_reserved_is_refused(string name)
        => Assert.Throws<ArgumentException>(() => new EventCodec<AccountEvent>().Add(name, AccountsJson.Default.Deposited));

    [Fact]
    public void A_taken_name_is_refused()
        => Assert.Throws<ArgumentException>(() => new EventCodec<AccountEvent>()
            .Add("deposited.v1", AccountsJson.Default.Deposited).Add("deposited.v1", AccountsJson.Default.Withdrawn));

    [Fact]
    public void An_unknown_name_is_said_to_come_from_a_newer_version()
        => Assert.Contains(
            "newer version",
            Assert.Throws<InvalidDataException>(() => new EventCodec<AccountEvent>().Decode("deposited.v9", "{}"u8)).Message,
            StringComparison.Ordinal);
}
