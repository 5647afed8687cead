namespace ExternalAction.Journal;

/// <summary>
/// A command that its domain accepted, with the rows it became and the state right behind them. Its reply rests on nothing
/// else, so the replies of a batch can be built side by side.
/// </summary>
internal sealed class AcceptedCommand<TState, TEvent>(
    Pending<TState, TEvent> pending, TState after, List<JournalEvent<TEvent>> events, long firstPosition, long lastPosition)
    where TState : class
    where TEvent : class
{
    public Pending<TState, TEvent> Pending => pending;

    public Exception? Failure { get; private set; }

    public CommandRecord? Record { get; private set; }

    public void BuildReply()
    {
        try
        {
            if (pending.Accept(after, events, lastPosition) is { } reply && pending.Id is { } key)
            {
                Record = new CommandRecord(key, pending.InputHash, firstPosition, lastPosition, reply);
            }
        }
        catch (Exception failure)
        {
            Failure = failure;
        }
    }
}
