return SlimSpec.CommandLine.SlimHost.Run(args);
