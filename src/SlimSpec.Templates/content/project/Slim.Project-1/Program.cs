// `dotnet run list` shows the recipes, `dotnet run -- --help` the commands.
return SlimSpec.CommandLine.SlimHost.Run(args);
