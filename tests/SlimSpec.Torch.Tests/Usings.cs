global using Shouldly;
global using TorchSharp;
global using Xunit;
