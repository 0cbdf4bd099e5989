namespace NativeNoise;

/// <summary>
/// Models on disk in the safetensors format (https://github.com/huggingface/safetensors), which PyTorch, JAX and others read:
/// an 8-byte length, a JSON header, the raw values.
/// </summary>
/// <remarks>
/// Files are deterministic (arrays in the ordinal order of their names, the same arrays giving the same bytes) and atomic (a
/// temporary file in the same folder, renamed at the end). Arrays are written as F32; F64, F16 and BF16 are read as well and
/// converted. A file is checked completely, its claims against its real length, before anything is allocated for an array.
/// </remarks>
public static class Safetensors
{
    /// <summary>Writes arrays to a file.</summary>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <param name="arrays">The arrays by name.</param>
    /// <param name="metadata">Texts kept with them, or null.</param>
    /// <exception cref="ArgumentException">An array's shape does not fit its values, or a name is empty or "__metadata__".</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void Save(
        string path,
        IReadOnlyDictionary<string, SafetensorsArray> arrays,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        var sources = new List<SafetensorsSource>(arrays.Count);
        foreach ((string name, SafetensorsArray array) in arrays)
        {
            ArgumentNullException.ThrowIfNull(array, nameof(arrays));
            sources.Add(new SafetensorsSource(name, array.Shape.ToArray(), () => array.Data.Span));
        }

        SafetensorsWriter.Write(path, sources, metadata);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its arrays and metadata.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is truncated, damaged, or holds a dtype other than F32, F64, F16 and BF16; the
    /// message names the file and what is wrong.</exception>
    public static SafetensorsFile Load(string path) => SafetensorsReader.Read(path);
}
