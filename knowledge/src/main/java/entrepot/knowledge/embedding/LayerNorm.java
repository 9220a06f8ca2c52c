package entrepot.knowledge.embedding;

/** Shifts and scales a row to mean 0 and variance 1, then by learned weights. */
final class LayerNorm {

    private static final float EPSILON = 1e-12f;

    private final float[] weight;
    private final float[] bias;

    LayerNorm(float[] weight, float[] bias) {
        this.weight = weight;
        this.bias = bias;
    }

    void apply(float[] row) {
        float mean = Curves.sum(row) / row.length;
        for (int j = 0; j < row.length; j++) {
            row[j] -= mean;
        }
        float scale = 1 / (float) Math.sqrt(Curves.sumOfSquares(row) / row.length + EPSILON);
        for (int j = 0; j < row.length; j++) {
            row[j] = Math.fma(row[j] * scale, weight[j], bias[j]);
        }
    }
}
