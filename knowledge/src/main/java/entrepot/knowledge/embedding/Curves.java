package entrepot.knowledge.embedding;

/**
 * The few functions of a transformer, from additions and multiplications only: {@link Math#exp} may
 * differ in its last bit between machines, a polynomial may not. Sums run in four lanes of fixed
 * order.
 */
final class Curves {

    // Taylor's series of 2^x on [-1/2, 1/2]: the last term left out is below 2e-7.
    private static final float[] EXP2 = {
        1f, 0.6931472f, 0.2402265f, 0.05550411f, 0.009618129f, 0.0013333558f, 0.0001540353f
    };
    private static final float LOG2_E = 1.442695f;

    private Curves() {}

    /** {@code x * (1 + erf(x / sqrt 2)) / 2}, in place. */
    static void gelu(float[] row) {
        for (int j = 0; j < row.length; j++) {
            float x = row[j] * 0.70710677f;
            // A rational approximation of erf on [-4, 4], off by less than 5e-7 everywhere.
            float c = Math.max(-4f, Math.min(4f, x));
            float s = c * c;
            float p = -2.7261424e-10f;
            p = Math.fma(p, s, 2.7706815e-08f);
            p = Math.fma(p, s, -2.101024e-06f);
            p = Math.fma(p, s, -5.6925062e-05f);
            p = Math.fma(p, s, -0.00073499064f);
            p = Math.fma(p, s, -0.0029546f);
            p = Math.fma(p, s, -0.016096033f);
            float q = -1.45660715e-05f;
            q = Math.fma(q, s, -0.00021337405f);
            q = Math.fma(q, s, -0.001682827f);
            q = Math.fma(q, s, -0.0073733293f);
            q = Math.fma(q, s, -0.014264739f);
            row[j] = 0.5f * row[j] * (1f + c * p / q);
        }
    }

    /** Exponentials that add up to 1, in place. */
    static void softmax(float[] row) {
        float max = Float.NEGATIVE_INFINITY;
        for (float x : row) {
            max = Math.max(max, x);
        }
        for (int j = 0; j < row.length; j++) {
            row[j] = exp(row[j] - max);
        }
        float scale = 1 / sum(row);
        for (int j = 0; j < row.length; j++) {
            row[j] *= scale;
        }
    }

    /** e to the x, for x at most 0. */
    static float exp(float x) {
        float y = Math.max(x * LOG2_E, -126f);
        int whole = (int) (y - 0.5f);
        float part = y - whole;
        float p = EXP2[6];
        p = Math.fma(p, part, EXP2[5]);
        p = Math.fma(p, part, EXP2[4]);
        p = Math.fma(p, part, EXP2[3]);
        p = Math.fma(p, part, EXP2[2]);
        p = Math.fma(p, part, EXP2[1]);
        p = Math.fma(p, part, EXP2[0]);
        return p * Float.intBitsToFloat((whole + 127) << 23);
    }

    static float sum(float[] row) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int j = 0;
        for (; j + 3 < row.length; j += 4) {
            a += row[j];
            b += row[j + 1];
            c += row[j + 2];
            d += row[j + 3];
        }
        for (; j < row.length; j++) {
            a += row[j];
        }
        return (a + b) + (c + d);
    }

    static float sumOfSquares(float[] row) {
        return product(row, row);
    }

    /** The inner product. */
    static float product(float[] x, float[] y) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int j = 0;
        for (; j + 3 < x.length; j += 4) {
            a = Math.fma(x[j], y[j], a);
            b = Math.fma(x[j + 1], y[j + 1], b);
            c = Math.fma(x[j + 2], y[j + 2], c);
            d = Math.fma(x[j + 3], y[j + 3], d);
        }
        for (; j < x.length; j++) {
            a = Math.fma(x[j], y[j], a);
        }
        return (a + b) + (c + d);
    }
}
