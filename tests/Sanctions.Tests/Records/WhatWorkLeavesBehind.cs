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
    public void A_service_without_work_gives_nothing_back_however_long_it_runs() =>
        Assert.DoesNotContain(true, Looks(new Leftovers(), [.. Enumerable.Repeat(Leftovers.Little, 1_000)]));

    private static bool[] Looks(Leftovers left, params long[] allocatedBetween)
    {
        var allocated = 0L;
        return [.. allocatedBetween.Select(more => left.AreDue(allocated += more))];
    }
}
