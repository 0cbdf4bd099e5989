using System.Globalization;
using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>Kinds of element-wise noise.</summary>
internal enum ElementNoiseKind
{
    /// <summary>y = x + a eps.</summary>
    Gaussian,

    /// <summary>y = x + a |x| eps.</summary>
    GaussianRelative,

    /// <summary>y = x (1 + a eps).</summary>
    GaussianMultiplicative,

    /// <summary>y = x + U[a, b).</summary>
    Uniform,

    /// <summary>y = b with probability a/2, c with probability a/2, else x.</summary>
    SaltAndPepper,

    /// <summary>y = x / (1 - a) with probability 1 - a, else 0.</summary>
    Dropout,
}

/// <summary>
/// One element-wise noise with its magnitudes: the one place that checks them and knows which native call draws them. Shared
/// by the span functions and the graph.
/// </summary>
internal readonly struct ElementNoise
{
    private readonly float _a;
    private readonly float _b;
    private readonly float _c;

    private ElementNoise(ElementNoiseKind kind, float a, float b = 0, float c = 0)
    {
        Kind = kind;
        _a = a;
        _b = b;
        _c = c;
    }

    /// <summary>What it does.</summary>
    public ElementNoiseKind Kind { get; }

    /// <summary>Whether the gradient passes unchanged.</summary>
    public bool IsAdditive => Kind is ElementNoiseKind.Gaussian or ElementNoiseKind.Uniform;

    /// <summary>Whether backward reads the input.</summary>
    public bool ReadsInput => Kind == ElementNoiseKind.GaussianRelative;

    public static ElementNoise Gaussian(float std) => new(ElementNoiseKind.Gaussian, Magnitude(std, nameof(std)));

    public static ElementNoise GaussianRelative(float std) =>
        new(ElementNoiseKind.GaussianRelative, Magnitude(std, nameof(std)));

    public static ElementNoise GaussianMultiplicative(float std) =>
        new(ElementNoiseKind.GaussianMultiplicative, Magnitude(std, nameof(std)));

    public static ElementNoise Uniform(float low, float high)
    {
        Interval(low, high);
        return new(ElementNoiseKind.Uniform, low, high);
    }

    public static ElementNoise SaltAndPepper(float probability, float salt, float pepper) => new(
        ElementNoiseKind.SaltAndPepper,
        Probability(probability, nameof(probability)),
        Finite(salt, nameof(salt)),
        Finite(pepper, nameof(pepper)));

    public static ElementNoise Dropout(float probability) =>
        new(ElementNoiseKind.Dropout, Probability(probability, nameof(probability)));

    /// <summary>Throws unless the value is finite and not negative.</summary>
    public static float Magnitude(float value, string argument) => float.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(argument, value, $"'{argument}' must be finite and at least 0.");

    /// <summary>Throws unless the value lies in [0, 1].</summary>
    public static float Probability(float value, string argument) => value is >= 0 and <= 1
        ? value
        : throw new ArgumentOutOfRangeException(argument, value, $"'{argument}' is a probability and must lie in [0, 1].");

    /// <summary>Throws unless the value is finite.</summary>
    public static float Finite(float value, string argument) => float.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(argument, value, $"'{argument}' must be finite.");

    /// <summary>Throws unless both are finite, their difference too, and low is not above high.</summary>
    public static void Interval(float low, float high)
    {
        Finite(low, nameof(low));
        Finite(high, nameof(high));
        if (low > high)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"'low' is {low} and 'high' is {high}; 'low' must not be above 'high'."), nameof(low));
        }

        if (!float.IsFinite(high - low))
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"'low' is {low} and 'high' is {high}; their difference must be finite."), nameof(high));
        }
    }

    /// <summary>y from x, [rows, columns].</summary>
    public unsafe nnoise_status Forward(
        nnoise_context* context, in NoiseKey key, long rows, long columns, float* x, float* y)
    {
        nnoise_address address = key.ToAddress();
        const nnoise_dtype Type = nnoise_dtype.NNOISE_DTYPE_FLOAT32;
        return Kind switch
        {
            ElementNoiseKind.Gaussian => NativeMethods.nnoise_gaussian(context, Type, rows, columns, x, y, address, _a),
            ElementNoiseKind.GaussianRelative =>
                NativeMethods.nnoise_gaussian_relative(context, Type, rows, columns, x, y, address, _a),
            ElementNoiseKind.GaussianMultiplicative =>
                NativeMethods.nnoise_gaussian_multiplicative(context, Type, rows, columns, x, y, address, _a),
            ElementNoiseKind.Uniform => NativeMethods.nnoise_uniform(context, Type, rows, columns, x, y, address, _a, _b),
            ElementNoiseKind.SaltAndPepper =>
                NativeMethods.nnoise_salt_and_pepper(context, Type, rows, columns, x, y, address, _a, _b, _c),
            _ => NativeMethods.nnoise_dropout(context, Type, rows, columns, x, y, address, _a),
        };
    }

    /// <summary>dx from dy, drawing the noise of <see cref="Forward"/> again; x is read where <see cref="ReadsInput"/>.</summary>
    public unsafe nnoise_status Backward(
        nnoise_context* context, in NoiseKey key, long rows, long columns, float* x, float* dy, float* dx)
    {
        nnoise_address address = key.ToAddress();
        const nnoise_dtype Type = nnoise_dtype.NNOISE_DTYPE_FLOAT32;
        return Kind switch
        {
            ElementNoiseKind.GaussianRelative =>
                NativeMethods.nnoise_gaussian_relative_backward(context, Type, rows, columns, x, dy, dx, address, _a),
            ElementNoiseKind.GaussianMultiplicative =>
                NativeMethods.nnoise_gaussian_multiplicative(context, Type, rows, columns, dy, dx, address, _a),
            ElementNoiseKind.SaltAndPepper =>
                NativeMethods.nnoise_salt_and_pepper_backward(context, Type, rows, columns, dy, dx, address, _a),
            ElementNoiseKind.Dropout => NativeMethods.nnoise_dropout(context, Type, rows, columns, dy, dx, address, _a),
            _ => NativeMethods.nnoise_axpby(context, rows * columns, 1f, dy, 0f, dx),
        };
    }
}
