namespace ExternalAction.Decisions.Tests;

public sealed class ClockTests
{
    [Theory]
    [InlineData(3_600_000, 1_000)]
    [InlineData(400, 400)]
    [InlineData(0, 0)]
    [InlineData(-2, 0)]
    [InlineData(-3_600_000, 0)]
    public void A_moment_that_has_passed_while_the_clock_looked_at_it_is_waited_for_no_longer(double leftMilliseconds, double napMilliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(napMilliseconds), Clock.Nap(TimeSpan.FromMilliseconds(leftMilliseconds)));
}
