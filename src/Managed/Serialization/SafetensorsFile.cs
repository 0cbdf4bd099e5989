namespace NativeNoise;

/// <summary>One array of a safetensors file.</summary>
/// <param name="Shape">The sizes of the dimensions; empty for a scalar.</param>
/// <param name="Data">The values, row-major, as float32 whatever the file stores.</param>
public sealed record SafetensorsArray(ReadOnlyMemory<int> Shape, ReadOnlyMemory<float> Data);

/// <summary>The contents of a safetensors file.</summary>
/// <param name="Arrays">The arrays by name.</param>
/// <param name="Metadata">The texts of "__metadata__"; empty when there are none.</param>
public sealed record SafetensorsFile(
    IReadOnlyDictionary<string, SafetensorsArray> Arrays,
    IReadOnlyDictionary<string, string> Metadata);
