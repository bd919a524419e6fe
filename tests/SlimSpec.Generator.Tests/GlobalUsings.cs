global using Shouldly;
global using SlimSpec.Specs.Tests;
global using Xunit;
