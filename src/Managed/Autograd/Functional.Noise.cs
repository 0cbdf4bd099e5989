namespace NativeNoise;

public static partial class Functional
{
    /// <summary>Additive Gaussian noise: y = x + std eps, eps ~ N(0, 1). The gradient passes unchanged.</summary>
    /// <param name="x">Input; rows are addressed by <see cref="Tensor.Rows"/>.</param>
    /// <param name="std">Standard deviation, finite and at least 0.</param>
    /// <param name="key">Address of the noise.</param>
    /// <returns>y, of x's shape.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static Tensor GaussianNoise(Tensor x, float std, in NoiseKey key) => ApplyNoise(x, ElementNoise.Gaussian(std), key);

    /// <summary>
    /// Gaussian noise relative to each element: y = x + std |x| eps. The gradient is dy (1 + sign(x) std eps).
    /// </summary>
    /// <param name="x">Input.</param>
    /// <param name="std">Relative standard deviation, finite and at least 0.</param>
    /// <param name="key">Address of the noise.</param>
    /// <returns>y, of x's shape.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static Tensor RelativeGaussianNoise(Tensor x, float std, in NoiseKey key) =>
        ApplyNoise(x, ElementNoise.RelativeGaussian(std), key);

    /// <summary>Multiplicative Gaussian noise: y = x (1 + std eps). The gradient is dy (1 + std eps).</summary>
    /// <param name="x">Input.</param>
    /// <param name="std">Standard deviation of the factor, finite and at least 0.</param>
    /// <param name="key">Address of the noise.</param>
    /// <returns>y, of x's shape.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static Tensor MultiplicativeGaussianNoise(Tensor x, float std, in NoiseKey key) =>
        ApplyNoise(x, ElementNoise.MultiplicativeGaussian(std), key);

    /// <summary>Uniform noise: y = x + U[low, high). The gradient passes unchanged.</summary>
    /// <param name="x">Input.</param>
    /// <param name="low">Lower end, finite.</param>
    /// <param name="high">Upper end, finite, not below <paramref name="low"/>.</param>
    /// <param name="key">Address of the noise.</param>
    /// <returns>y, of x's shape.</returns>
    /// <exception cref="ArgumentException">low is above high, or one of them is not finite.</exception>
    public static Tensor UniformNoise(Tensor x, float low, float high, in NoiseKey key) =>
        ApplyNoise(x, ElementNoise.Uniform(low, high), key);

    /// <summary>
    /// Salt-and-pepper noise: y = salt with probability p/2, pepper with probability p/2, else x. The gradient is 0 where an
    /// element was replaced, else dy.
    /// </summary>
    /// <param name="x">Input; it is not changed.</param>
    /// <param name="probability">p in [0, 1].</param>
    /// <param name="salt">One value, finite.</param>
    /// <param name="pepper">The other, finite.</param>
    /// <param name="key">Address of the noise.</param>
    /// <returns>y, of x's shape.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1], or a value is not finite.</exception>
    public static Tensor SaltAndPepperNoise(Tensor x, float probability, float salt, float pepper, in NoiseKey key) =>
        ApplyNoise(x, ElementNoise.SaltAndPepper(probability, salt, pepper), key);

    /// <summary>
    /// Inverted dropout (Srivastava et al. 2014): y = x / (1 - p) with probability 1 - p, else 0. p = 0 is the identity and
    /// p = 1 gives zeros, exactly.
    /// </summary>
    /// <param name="x">Input.</param>
    /// <param name="probability">p in [0, 1].</param>
    /// <param name="key">Address of the noise.</param>
    /// <returns>y, of x's shape.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1].</exception>
    public static Tensor Dropout(Tensor x, float probability, in NoiseKey key) =>
        ApplyNoise(x, ElementNoise.Dropout(probability), key);

    /// <summary>
    /// Any element-wise noise. Row = position on the first axis, element = row-major index in the rest. The gradient is drawn again
    /// from the address; where <see cref="ElementNoise.PassesGradient"/> it passes unchanged, at no cost.
    /// </summary>
    /// <param name="x">Input, [examples, ..] of any rank, to whose axes the noise's shared axes refer.</param>
    /// <param name="noise">The noise.</param>
    /// <param name="key">Address of the noise.</param>
    /// <returns>y, of x's shape.</returns>
    /// <exception cref="ArgumentException">
    /// The noise is the default value, or the same along axes that x lacks, or along more than 4 separate groups of them.
    /// </exception>
    public static unsafe Tensor ApplyNoise(Tensor x, in ElementNoise noise, in NoiseKey key)
    {
        ArgumentNullException.ThrowIfNull(x);
        noise.Require(x.Shape, nameof(noise));
        Tensor y = Tensor.UninitializedLike(x);
        using (ContextLease context = new(x.Device))
        using (BufferLease px = x.Lease(), py = y.Lease())
        {
            NativeCall.Check(noise.Forward(
                context.Pointer, Bindings.nnoise_dtype.NNOISE_DTYPE_FLOAT32, key, x.Rows, x.Columns, x.RowShape, px.Pointer, py.Pointer));
        }

        if (!Autograd.Records(x))
        {
            return y;
        }

        return y.MadeBy(noise.PassesGradient ? new IdentityNode(x, y) : new ElementNoiseNode(noise, key, x, y));
    }
}
