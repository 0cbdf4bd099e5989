using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NativeNoise.Testing;

namespace NativeNoise.Bindings.Tests;

/// <summary>The generated code belongs to the headers of this checkout, and the generator is told about all of them.</summary>
public sealed partial class HeaderTests
{
    private static readonly string Include = Repository.Path("native", "include", "nativenoise");

    private static string[] Headers { get; } =
        [.. Directory.GetFiles(Include, "*.h").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void The_generated_code_was_made_from_these_headers()
    {
        // As HeaderHash.cmake defines it, computed independently.
        StringBuilder lines = new();
        foreach (string header in Headers)
        {
            string text = File.ReadAllText(Path.Combine(Include, header)).Replace("\r\n", "\n", StringComparison.Ordinal);
            lines.Append($"{Hash(text)}  {header}\n");
        }

        Assert.Equal(HeaderHash.Value, Hash(lines.ToString()));
    }

    [Fact]
    public void The_response_file_traverses_every_header()
    {
        string[] lines = File.ReadAllLines(Repository.Path("src", "Bindings", "generation", "generate.rsp"));
        string[] traversed = [.. lines
            .SkipWhile(line => line != "--traverse").Skip(1)
            .TakeWhile(line => !line.StartsWith("--", StringComparison.Ordinal))];

        Assert.Equal(Headers.Select(header => "native/include/nativenoise/" + header), traversed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_umbrella_includes_every_header()
    {
        string umbrella = File.ReadAllText(Path.Combine(Include, "nativenoise.h"));

        Assert.All(
            Headers.Where(header => header != "nativenoise.h"),
            header => Assert.Contains($"#include \"{header}\"", umbrella, StringComparison.Ordinal));
    }

    [Fact]
    public void The_headers_use_types_of_one_size_everywhere()
    {
        Assert.All(Headers, header =>
        {
            string code = Comment().Replace(File.ReadAllText(Path.Combine(Include, header)), " ");
            Assert.Empty(VaryingType().Matches(code).Select(match => match.Value));
        });
    }

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    // The width or the marshalling of each of these depends on the compiler or the platform.
    [GeneratedRegex(@"\b(char16_t|long|short|unsigned|signed|bool|_Bool|size_t|ssize_t|ptrdiff_t|wchar_t|u?intptr_t)\b")]
    private static partial Regex VaryingType();

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
