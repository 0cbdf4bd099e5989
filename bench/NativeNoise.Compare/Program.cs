using System.Globalization;
using NativeNoise;
using NativeNoise.Compare;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

Arguments arguments;
try
{
    arguments = Arguments.Parse(args);
}
catch (FormatException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

try
{
    if (arguments.Peer is not null)
    {
        Comparison.Run(arguments, Console.Out);
        return 0;
    }

    using Device device = Device.CreateCpu(new CpuOptions { Threads = arguments.Threads });
    Timing timing = new(arguments.Threads, arguments.Filter, Console.Out);
    ElementCases.Run(timing, device);
    LayerCases.Run(timing, device);
    OptimizerCases.Run(timing, device);
    TrainingCases.Run(timing, device);
    return 0;
}
catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception or IOException)
{
    // A peer that is missing or fails, or a folder that cannot be written.
    Console.Error.WriteLine(error.Message);
    return 1;
}
