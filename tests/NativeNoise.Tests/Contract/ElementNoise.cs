namespace NativeNoise.Tests.Contract;

/// <summary>
/// Element-wise noise, section 6 of docs/noise-contract.md. Each formula takes the element's normal <c>n</c> or its word
/// <c>w</c>, and follows the page's table line by line, forward and backward.
/// </summary>
internal static class ElementNoise
{
    /// <summary>fma(std, n, mean).</summary>
    public static float FillNormal(float n, float mean, float std) => MathF.FusedMultiplyAdd(std, n, mean);

    /// <summary>fma(std, n, x).</summary>
    public static float Gaussian(float n, float x, float std) => std == 0 ? x : MathF.FusedMultiplyAdd(std, n, x);

    /// <summary>fma(std * abs(x), n, x).</summary>
    public static float GaussianRelative(float n, float x, float std) =>
        std == 0 ? x : MathF.FusedMultiplyAdd(std * MathF.Abs(x), n, x);

    /// <summary>dy * fma(sign(x) * std, n, 1).</summary>
    public static float GaussianRelativeBackward(float n, float x, float dy, float std)
    {
        if (std == 0)
        {
            return dy;
        }

        float sign = float.IsNaN(x) ? x : x > 0 ? 1f : x < 0 ? -1f : 0f;
        return dy * MathF.FusedMultiplyAdd(sign * std, n, 1f);
    }

    /// <summary>x * fma(std, n, 1), and the same of dy backward.</summary>
    public static float GaussianMultiplicative(float n, float x, float std) =>
        std == 0 ? x : x * MathF.FusedMultiplyAdd(std, n, 1f);

    /// <summary>x + U[low, high).</summary>
    public static float Uniform(uint w, float x, float low, float high) =>
        low == 0 && high == 0 ? x : x + Uniforms.Between(w, low, high);

    /// <summary>Salt below T(p/2), pepper below T(p), else x.</summary>
    public static float SaltAndPepper(uint w, float x, float p, float salt, float pepper) =>
        w < Uniforms.Threshold(p / 2.0) ? salt : w < Uniforms.Threshold(p) ? pepper : x;

    /// <summary>0 where replaced, else dy.</summary>
    public static float SaltAndPepperBackward(uint w, float dy, float p) => w < Uniforms.Threshold(p) ? 0f : dy;

    /// <summary>0 below T(p), else x / (1 - p) with the scale rounded once to float; the same of dy backward.</summary>
    public static float Dropout(uint w, float x, float p) =>
        p == 0 ? x : p == 1 || w < Uniforms.Threshold(p) ? 0f : x * (float)(1.0 / (1.0 - p));

    /// <summary>fma(std, L, x).</summary>
    public static float Laplace(uint w, float x, float std) => std == 0 ? x : MathF.FusedMultiplyAdd(std, HeavyTails.Laplace(w), x);

    /// <summary>fma(std, T, x).</summary>
    public static float StudentT(uint w, uint salted, float x, float std, float degrees) =>
        std == 0 ? x : MathF.FusedMultiplyAdd(std, HeavyTails.StudentT(w, salted, degrees), x);
}
