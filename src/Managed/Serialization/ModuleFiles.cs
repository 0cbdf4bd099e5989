namespace NativeNoise;

/// <summary>Models on disk: the state dict of a <see cref="Module"/> as a safetensors file.</summary>
public static class ModuleFiles
{
    /// <summary>Writes all parameters. The same parameters and metadata give the same bytes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <param name="metadata">Texts kept with them, or null.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void Save(this Module model, string path, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var sources = new List<SafetensorsSource>();
        foreach ((string name, Parameter parameter) in model.NamedParameters())
        {
            sources.Add(new SafetensorsSource(name, parameter.Shape.ToArray(), parameter.AsReadOnlySpan));
        }

        SafetensorsWriter.Write(path, sources, metadata);
    }

    /// <summary>Reads all parameters. Names and shapes are checked before any parameter is written.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">A file that <see cref="Save"/>, PyTorch or another program wrote.</param>
    /// <param name="strict">Whether a parameter that is missing, or an array too many, is an error (true).</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or its names or shapes are not the model's.</exception>
    public static void Load(this Module model, string path, bool strict = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        SafetensorsFile file = Safetensors.Load(path);
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            foreach ((string name, SafetensorsArray array) in file.Arrays)
            {
                Tensor tensor = Tensor.Uninitialized(Device.Cpu, array.Shape.ToArray());
                state.Add(name, tensor);
                tensor.CopyFrom(array.Data.Span);
            }

            model.LoadStateDict(state, strict);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"'{path}' does not fit the model: {exception.Message}", exception);
        }
        finally
        {
            foreach (Tensor tensor in state.Values)
            {
                tensor.Dispose();
            }
        }
    }
}
