using System.Runtime.InteropServices;
using System.Text;

namespace NativeNoise.Cli;

internal static class Program
{
    private static int Main(string[] args)
    {
        int stopCode = ExitCode.Interrupted;
        using var stop = new CancellationTokenSource();

        void Stop(PosixSignalContext context, int code)
        {
            // The first signal ends training in good order; a second one ends the process at once, as by default.
            if (!stop.IsCancellationRequested)
            {
                context.Cancel = true;
                stopCode = code;
                stop.Cancel();
            }
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => Stop(c, ExitCode.Interrupted));
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Stop(c, ExitCode.Terminated));

        if (!Console.IsOutputRedirected)
        {
            Console.OutputEncoding = Encoding.UTF8;
        }

        var host = new ToolHost
        {
            Output = Console.Out,
            Error = Console.Error,
            Interactive = !Console.IsOutputRedirected,
            Stop = stop.Token,
            StopCode = () => stopCode,
        };
        return Tool.Run(args, host);
    }
}
