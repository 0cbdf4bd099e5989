using System.Globalization;
using System.Text;

namespace NativeNoise.Cli.Reports;

/// <summary>The folder that a run leaves its results in.</summary>
internal sealed class RunFolder
{
    private RunFolder(string path) => Path = path;

    /// <summary>As the user gave it, or below <c>runs/</c>.</summary>
    public string Path { get; }

    /// <summary>Makes the folder, and makes sure before any training that files can be written to it.</summary>
    /// <param name="requested">The user's choice; null for a new folder named after the date and time.</param>
    /// <param name="now">The time of the run.</param>
    /// <exception cref="ToolException">The folder cannot be made or written to.</exception>
    public static RunFolder Open(string? requested, DateTime now)
    {
        string path = requested ?? Unused(System.IO.Path.Combine("runs", now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)));
        try
        {
            Directory.CreateDirectory(path);
            string probe = System.IO.Path.Combine(path, $".{Guid.NewGuid():N}.tmp");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
                // Closing deletes it.
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ToolException($"--out is '{path}', which cannot be written to: {exception.Message}", exception);
        }

        return new RunFolder(path);
    }

    /// <summary>Takes back what <see cref="Open"/> did, when nothing was written.</summary>
    public void RemoveIfEmpty()
    {
        if (!Directory.EnumerateFileSystemEntries(Path).Any())
        {
            Directory.Delete(Path);
        }
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a whole file or, if that fails, leaves what was there.</summary>
    public void Write(string name, byte[] content)
    {
        string temporary = File($".{name}.{Guid.NewGuid():N}.tmp");
        try
        {
            System.IO.File.WriteAllBytes(temporary, content);
            System.IO.File.Move(temporary, File(name), overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            System.IO.File.Delete(temporary);
            throw new ToolException($"'{File(name)}' cannot be written: {exception.Message}", exception);
        }
    }

    private static string Unused(string path)
    {
        string candidate = path;
        for (int i = 2; Directory.Exists(candidate); i++)
        {
            candidate = $"{path}-{i}";
        }

        return candidate;
    }
}
