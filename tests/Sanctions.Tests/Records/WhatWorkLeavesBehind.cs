using ExternalAction.Sanctions.Screening;

namespace ExternalAction.Sanctions.Tests.Records;

/// <summary>When memory is given back to the system: after much work, once it has stopped, and once for all of it.</summary>
public sealed class WhatWorkLeavesBehind
{
    [Fact]
    public void Much_is_given_back_once_and_not_before_work_has_stopped_for_two_looks()
    {
        var left = new Leftovers();
        Assert.Equal([false, false, false, true, false, false], Looks(left, Leftovers.Much, Leftovers.Much, 0, 0, 0, 0));
    }

    [Fact]
    public void Work_that_goes_on_after_a_pause_puts_it_off() =>
        Assert.Equal([false, false, false, false, true], Looks(new Leftovers(), Leftovers.Much, 0, Leftovers.Little + 1, 0, 0));

    [Fact]
    public void What_many_small_works_leave_adds_up() =>
        Assert.Equal([false, false, false, false, false, true], Looks(new Leftovers(), Leftovers.Much / 2, 0, 0, Leftovers.Much / 2, 0, 0));

    [Fact]
    public void A_service_without_work_is_never_collected_however_long_it_runs() =>
        Assert.DoesNotContain(true, Looks(new Leftovers(), [.. Enumerable.Repeat(Leftovers.Little, 1_000)]));

    [Fact]
    public void What_the_compiler_freed_is_given_back_twice_a_minute_while_the_service_rests_and_never_while_it_works()
    {
        long[] rest = [.. Enumerable.Repeat(0L, Leftovers.Rest - 1)];
        Assert.Equal([Due.Freed, Due.Freed], Dues(new Leftovers(), [.. rest, 0, .. rest, 0]).Where(due => due != Due.Nothing));
        Assert.All(Dues(new Leftovers(), [.. rest, Leftovers.Little + 1, .. rest, Leftovers.Little + 1]), due => Assert.Equal(Due.Nothing, due));
        Assert.Equal(Due.Freed, Dues(new Leftovers(), [.. rest, Leftovers.Little + 1, .. rest, 0])[^1]);
    }

    private static bool[] Looks(Leftovers left, params long[] allocatedBetween) => [.. Dues(left, allocatedBetween).Select(due => due == Due.Everything)];

    private static Due[] Dues(Leftovers left, params long[] allocatedBetween)
    {
        var allocated = 0L;
        return [.. allocatedBetween.Select(more => left.Look(allocated += more))];
    }
}
