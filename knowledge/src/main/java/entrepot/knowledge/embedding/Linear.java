package entrepot.knowledge.embedding;

/**
 * {@code y = x W + b} with W kept as signed bytes and one scale per column.
 *
 * <p>The loop that matters is {@link #tile}: every array is indexed by the same {@code j}, which is
 * the one shape in which C2 sees that rows cannot overlap in a harmful way and uses vector
 * instructions; {@link Math#fma} because it is one instruction there, and because it is correctly
 * rounded by specification, so that each sum is the same bits on every machine. Four tokens by four
 * inputs at a time keeps the rows in the nearest cache.
 */
final class Linear {

    /** Rows of tokens must come in multiples of this. */
    static final int TILE = 4;

    private final byte[][] weights;
    private final float[] scales;
    private final float[] bias;

    /**
     * @param weights one row per input, one column per output
     */
    Linear(byte[][] weights, float[] scales, float[] bias) {
        if (weights.length % TILE != 0
                || weights[0].length != scales.length
                || bias.length != scales.length) {
            throw new IllegalArgumentException(
                    "weights of %d x %d do not fit %d scales and %d biases"
                            .formatted(
                                    weights.length, weights[0].length, scales.length, bias.length));
        }
        this.weights = weights;
        this.scales = scales;
        this.bias = bias;
    }

    int outputs() {
        return scales.length;
    }

    /** Fills {@code y}; its rows, like those of {@code x}, are a multiple of {@link #TILE}. */
    void apply(float[][] x, float[][] y) {
        for (int t = 0; t < x.length; t += TILE) {
            for (int row = t; row < t + TILE; row++) {
                java.util.Arrays.fill(y[row], 0, outputs(), 0f);
            }
            for (int k = 0; k < weights.length; k += TILE) {
                tile(x, y, weights, t, k, outputs());
            }
            for (int row = t; row < t + TILE; row++) {
                finish(y[row], scales, bias, outputs());
            }
        }
    }

    private static void tile(float[][] x, float[][] y, byte[][] w, int t, int k, int outputs) {
        float[] y0 = y[t];
        float[] y1 = y[t + 1];
        float[] y2 = y[t + 2];
        float[] y3 = y[t + 3];
        byte[] w0 = w[k];
        byte[] w1 = w[k + 1];
        byte[] w2 = w[k + 2];
        byte[] w3 = w[k + 3];
        float a0 = x[t][k], a1 = x[t][k + 1], a2 = x[t][k + 2], a3 = x[t][k + 3];
        float b0 = x[t + 1][k], b1 = x[t + 1][k + 1], b2 = x[t + 1][k + 2], b3 = x[t + 1][k + 3];
        float c0 = x[t + 2][k], c1 = x[t + 2][k + 1], c2 = x[t + 2][k + 2], c3 = x[t + 2][k + 3];
        float d0 = x[t + 3][k], d1 = x[t + 3][k + 1], d2 = x[t + 3][k + 2], d3 = x[t + 3][k + 3];
        for (int j = 0; j < outputs; j++) {
            float p = w0[j];
            float q = w1[j];
            float r = w2[j];
            float s = w3[j];
            y0[j] = Math.fma(a3, s, Math.fma(a2, r, Math.fma(a1, q, Math.fma(a0, p, y0[j]))));
            y1[j] = Math.fma(b3, s, Math.fma(b2, r, Math.fma(b1, q, Math.fma(b0, p, y1[j]))));
            y2[j] = Math.fma(c3, s, Math.fma(c2, r, Math.fma(c1, q, Math.fma(c0, p, y2[j]))));
            y3[j] = Math.fma(d3, s, Math.fma(d2, r, Math.fma(d1, q, Math.fma(d0, p, y3[j]))));
        }
    }

    private static void finish(float[] y, float[] scales, float[] bias, int outputs) {
        for (int j = 0; j < outputs; j++) {
            y[j] = Math.fma(y[j], scales[j], bias[j]);
        }
    }
}
