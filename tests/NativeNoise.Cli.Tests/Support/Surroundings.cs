using System.Runtime.CompilerServices;

namespace NativeNoise.Cli.Tests.Support;

/// <summary>The tests run on the digits, wherever the machine's own default data may be.</summary>
internal static class Surroundings
{
    [ModuleInitializer]
    internal static void Forget() => Environment.SetEnvironmentVariable("NATIVENOISE_DATA", null);
}
