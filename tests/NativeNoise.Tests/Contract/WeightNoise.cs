namespace NativeNoise.Tests.Contract;

/// <summary>
/// Weight and gradient noise, section 8 of docs/noise-contract.md: the effective value of one weight or bias from its
/// clean value and the normal <c>n</c> at its address.
/// </summary>
internal static class WeightNoise
{
    /// <summary>fma(std, n, W); also gradient noise, fma(std, n, g).</summary>
    public static float Absolute(float n, float weight, float std) => std == 0 ? weight : MathF.FusedMultiplyAdd(std, n, weight);

    /// <summary>fma(std * abs(W), n, W).</summary>
    public static float Relative(float n, float weight, float std) =>
        std == 0 ? weight : MathF.FusedMultiplyAdd(std * MathF.Abs(weight), n, weight);

    /// <summary>fma(S, n, W).</summary>
    public static float Independent(float n, float weight, float sigma) => MathF.FusedMultiplyAdd(sigma, n, weight);

    /// <summary>fma(S, f_o * f_i, W), the product rounded.</summary>
    public static float Factorised(float outputNormal, float inputNormal, float weight, float sigma) =>
        MathF.FusedMultiplyAdd(sigma, Root(outputNormal) * Root(inputNormal), weight);

    /// <summary>fma(S_b, f_o, b).</summary>
    public static float FactorisedBias(float outputNormal, float bias, float sigma) =>
        MathF.FusedMultiplyAdd(sigma, Root(outputNormal), bias);

    /// <summary>fma(exp(R / 2), n, W).</summary>
    public static float LogVariance(float n, float weight, float logVariance) =>
        MathF.FusedMultiplyAdd(ContractExp.Exp(logVariance / 2f), n, weight);

    /// <summary>f(v) = sign(v) sqrt(abs(v)).</summary>
    public static float Root(float v) => MathF.CopySign(MathF.Sqrt(MathF.Abs(v)), v);

    /// <summary>float32(sqrt(eta / (1 + t)^gamma)) in double: the standard deviation of gradient noise at step t.</summary>
    public static float GradientStd(double eta, double gamma, long t) => (float)Math.Sqrt(eta / Math.Pow(1.0 + t, gamma));
}
