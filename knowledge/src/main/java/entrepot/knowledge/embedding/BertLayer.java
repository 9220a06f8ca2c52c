package entrepot.knowledge.embedding;

/** One transformer layer: attention, then the feed-forward part, each added and normalised. */
final class BertLayer {

    private static final int HEADS = 12;

    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear attentionOut;
    private final LayerNorm attentionNorm;
    private final Linear widen;
    private final Linear narrow;
    private final LayerNorm outputNorm;

    BertLayer(
            Linear query,
            Linear key,
            Linear value,
            Linear attentionOut,
            LayerNorm attentionNorm,
            Linear widen,
            Linear narrow,
            LayerNorm outputNorm) {
        this.query = query;
        this.key = key;
        this.value = value;
        this.attentionOut = attentionOut;
        this.attentionNorm = attentionNorm;
        this.widen = widen;
        this.narrow = narrow;
        this.outputNorm = outputNorm;
    }

    /**
     * Replaces {@code x} by this layer's output.
     *
     * @param x one row per token, padded to a multiple of {@link Linear#TILE}
     * @param tokens how many rows are real
     */
    void apply(float[][] x, int tokens) {
        int width = query.outputs();
        float[][] mixed = attend(x, tokens);
        var added = new float[x.length][width];
        attentionOut.apply(mixed, added);
        addAndNormalise(x, added, attentionNorm);
        var wide = new float[x.length][widen.outputs()];
        widen.apply(x, wide);
        for (float[] row : wide) {
            Curves.gelu(row);
        }
        narrow.apply(wide, added);
        addAndNormalise(x, added, outputNorm);
    }

    private static void addAndNormalise(float[][] x, float[][] added, LayerNorm norm) {
        for (int t = 0; t < x.length; t++) {
            float[] row = x[t];
            float[] more = added[t];
            for (int j = 0; j < row.length; j++) {
                row[j] += more[j];
            }
            norm.apply(row);
        }
    }

    private float[][] attend(float[][] x, int tokens) {
        int width = query.outputs();
        int size = width / HEADS;
        var queries = new float[x.length][width];
        var keys = new float[x.length][width];
        var values = new float[x.length][width];
        query.apply(x, queries);
        key.apply(x, keys);
        value.apply(x, values);
        float[][] keyColumns = transpose(keys, tokens, width);
        float shrink = (float) (1 / Math.sqrt(size));
        var mixed = new float[x.length][width];
        var scores = new float[tokens];
        for (int t = 0; t < tokens; t++) {
            for (int from = 0; from < width; from += size) {
                java.util.Arrays.fill(scores, 0f);
                for (int d = from; d < from + size; d += 4) {
                    addScaled(scores, keyColumns, d, queries[t]);
                }
                for (int s = 0; s < tokens; s++) {
                    scores[s] *= shrink;
                }
                Curves.softmax(scores);
                for (int s = 0; s < tokens; s++) {
                    addScaled(mixed[t], values[s], scores[s], from, from + size);
                }
            }
        }
        return mixed;
    }

    private static void addScaled(float[] scores, float[][] columns, int d, float[] by) {
        float a = by[d];
        float b = by[d + 1];
        float c = by[d + 2];
        float e = by[d + 3];
        float[] p = columns[d];
        float[] q = columns[d + 1];
        float[] r = columns[d + 2];
        float[] u = columns[d + 3];
        for (int s = 0; s < scores.length; s++) {
            scores[s] =
                    Math.fma(
                            e,
                            u[s],
                            Math.fma(c, r[s], Math.fma(b, q[s], Math.fma(a, p[s], scores[s]))));
        }
    }

    private static void addScaled(float[] sum, float[] row, float by, int from, int to) {
        for (int j = from; j < to; j++) {
            sum[j] = Math.fma(by, row[j], sum[j]);
        }
    }

    private static float[][] transpose(float[][] rows, int tokens, int width) {
        var columns = new float[width][tokens];
        for (int t = 0; t < tokens; t++) {
            for (int j = 0; j < width; j++) {
                columns[j][t] = rows[t][j];
            }
        }
        return columns;
    }
}
