// The journal's tool: checks and exports journals without the service that writes them. See JournalTool.cs.
using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stopping.Cancel();
};
return await ExternalAction.Journal.Tool.JournalTool.RunAsync(args, Console.Out, Console.Error, stopping.Token);
