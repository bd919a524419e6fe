global using Shouldly;
global using TorchSharp;
global using TorchSharp.Modules;
global using Xunit;
