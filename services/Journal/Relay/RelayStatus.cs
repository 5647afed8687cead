namespace ExternalAction.Journal.Relay;

/// <summary>What the relay of a journal is doing in this process; written by the relay, read by health.</summary>
internal sealed class RelayStatus
{
    private RelayCheckpoint? _reached;
    private string? _problem;

    /// <summary>How far this process has published; null while another process is the relay, or none can be.</summary>
    public RelayCheckpoint? Reached
    {
        get => Volatile.Read(ref _reached);
        set => Volatile.Write(ref _reached, value);
    }

    /// <summary>Why this process does not get on, in a sentence, or null.</summary>
    public string? Problem
    {
        get => Volatile.Read(ref _problem);
        set => Volatile.Write(ref _problem, value);
    }

    /// <summary>This process is the relay now.</summary>
    public void Begin(RelayCheckpoint from) => Reached = from;

    /// <summary>It is no longer.</summary>
    public void End() => Reached = null;
}
