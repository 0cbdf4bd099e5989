using System.CommandLine;
using System.Runtime.InteropServices;

namespace NativeNoise.Cli.Commands;

/// <summary><c>nativenoise info</c>: what is installed and what this machine offers.</summary>
internal static class InfoCommand
{
    public static Command Create(ToolHost host)
    {
        var command = new Command("info", "Print versions, instruction set, threads and device");
        command.SetAction(_ => Print(host.Output));
        return command;
    }

    private static void Print(TextWriter output)
    {
        Device device = Device.Cpu;
        (string Name, string Value)[] rows =
        [
            ("version", NativeInfo.Version.ToString()),
            ("ABI", NativeInfo.AbiVersion.ToString()),
            ("noise contract", NativeInfo.NoiseContractVersion.ToString()),
            ("instruction set", device.InstructionSet.ToString().ToLowerInvariant()),
            ("threads", device.Threads.ToString()),
            ("device", device.Name),
            ("runtime", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}"),
            ("native library", NativeInfo.LibraryPath),
        ];
        foreach ((string name, string value) in rows)
        {
            output.WriteLine($"{name,-16} {value}");
        }
    }
}
