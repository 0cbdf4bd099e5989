using System.Globalization;

namespace NativeNoise;

/// <summary>An optimiser's memory on disk: "{parameter}.{state}" arrays, and the counts of steps as metadata.</summary>
internal static class OptimizerState
{
    private const string Kind = "optimizer";
    private const string StepCount = "step_count";

    public static unsafe void Save(Optimizer optimizer, string path)
    {
        var metadata = new Dictionary<string, string>
        {
            [Kind] = optimizer.GetType().Name,
            [StepCount] = optimizer.StepCount.ToString(CultureInfo.InvariantCulture),
        };
        var sources = new List<SafetensorsSource>();
        for (int i = 0; i < optimizer.Parameters.Count; i++)
        {
            Parameter parameter = optimizer.Parameters[i];
            metadata[StepsKey(parameter)] = optimizer.StepsOf(i).ToString(CultureInfo.InvariantCulture);
            for (int s = 0; s < optimizer.StateNames.Length; s++)
            {
                if (optimizer.StateOf(s, i) is { } buffer)
                {
                    int length = checked((int)parameter.Length);
                    sources.Add(new SafetensorsSource(
                        ArrayName(parameter, optimizer.StateNames[s]),
                        parameter.Shape.ToArray(),
                        () => new ReadOnlySpan<float>(buffer.Pointer, length)));
                }
            }
        }

        SafetensorsWriter.Write(path, sources, metadata);
        GC.KeepAlive(optimizer);
    }

    public static void Load(Optimizer optimizer, string path)
    {
        SafetensorsFile file = Safetensors.Load(path);
        string kind = optimizer.GetType().Name;
        if (file.Metadata.GetValueOrDefault(Kind) is var found && found != kind)
        {
            throw new InvalidDataException($"'{path}' holds the state of {(found is null ? "no optimiser" : $"the optimiser {found}")}; expected {kind}.");
        }

        int count = optimizer.Parameters.Count;
        long[] steps = new long[count];
        var state = new ReadOnlyMemory<float>?[optimizer.StateNames.Length][];
        int used = 0;
        for (int s = 0; s < state.Length; s++)
        {
            state[s] = new ReadOnlyMemory<float>?[count];
            for (int i = 0; i < count; i++)
            {
                Parameter parameter = optimizer.Parameters[i];
                if (!file.Arrays.TryGetValue(ArrayName(parameter, optimizer.StateNames[s]), out SafetensorsArray? array))
                {
                    continue;
                }

                if (!array.Shape.Span.SequenceEqual(parameter.Shape))
                {
                    throw new InvalidDataException(
                        $"'{path}' holds '{parameter.Path}' with the shape {Shape.Text(array.Shape.Span)}; the model's is {Shape.Text(parameter.Shape)}.");
                }

                state[s][i] = array.Data;
                used++;
            }
        }

        if (used != file.Arrays.Count)
        {
            throw new InvalidDataException($"'{path}' holds {file.Arrays.Count} arrays, of which {used} belong to this model's parameters.");
        }

        for (int i = 0; i < count; i++)
        {
            steps[i] = Number(file, StepsKey(optimizer.Parameters[i]), path);
        }

        optimizer.Restore(Number(file, StepCount, path), steps, state);
    }

    private static string ArrayName(Parameter parameter, string state) => $"{parameter.Path}.{state}";

    private static string StepsKey(Parameter parameter) => $"steps:{parameter.Path}";

    private static long Number(SafetensorsFile file, string key, string path) =>
        file.Metadata.TryGetValue(key, out string? text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new InvalidDataException($"'{path}' has no whole number '{key}' in its metadata.");
}
