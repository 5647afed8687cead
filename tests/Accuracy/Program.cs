// How well names are matched: prints the tables of docs/screening.md from labelled pairs and queries.
Console.WriteLine("No measure yet.");
