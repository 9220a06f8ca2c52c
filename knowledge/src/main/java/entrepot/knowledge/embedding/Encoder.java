package entrepot.knowledge.embedding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The network of e5-small-v2: token ids in, one vector of length 1 out. Has no state. */
final class Encoder {

    private static final int LAYERS = 12;

    private final byte[][] words;
    private final float wordScale;
    private final int wordZero;
    private final float[][] positions;
    private final LayerNorm norm;
    private final List<BertLayer> layers;

    Encoder(OnnxFile file) {
        words = file.rows("embeddings.word_embeddings.weight_quantized");
        wordScale = file.floats("embeddings.word_embeddings.weight_scale")[0];
        wordZero = file.ints("embeddings.word_embeddings.weight_zero_point")[0];
        positions = dequantised(file, "embeddings.position_embeddings");
        // Every text is one segment, so its type vector is the same for all tokens.
        float[] type = dequantised(file, "embeddings.token_type_embeddings")[0];
        for (float[] position : positions) {
            for (int j = 0; j < position.length; j++) {
                position[j] += type[j];
            }
        }
        norm = norm(file, "embeddings.LayerNorm");
        layers = layers(file);
    }

    /** How many tokens it can read at once, start and end marks included. */
    int tokensMax() {
        return positions.length;
    }

    /** The mean over all tokens of the last layer, scaled to length 1. */
    float[] encode(int[] ids) {
        int padded = (ids.length + Linear.TILE - 1) / Linear.TILE * Linear.TILE;
        int width = positions[0].length;
        var x = new float[padded][width];
        for (int t = 0; t < ids.length; t++) {
            byte[] word = words[ids[t]];
            for (int j = 0; j < width; j++) {
                x[t][j] = ((word[j] & 0xff) - wordZero) * wordScale + positions[t][j];
            }
            norm.apply(x[t]);
        }
        for (BertLayer layer : layers) {
            layer.apply(x, ids.length);
        }
        var mean = new float[width];
        for (int t = 0; t < ids.length; t++) {
            for (int j = 0; j < width; j++) {
                mean[j] += x[t][j];
            }
        }
        float scale = 1 / (float) Math.sqrt(Curves.sumOfSquares(mean));
        for (int j = 0; j < width; j++) {
            mean[j] *= scale;
        }
        return mean;
    }

    private static List<BertLayer> layers(OnnxFile file) {
        // Weights are numbered, not named; the node that multiplies by them has the telling name.
        Map<String, String> weights = new HashMap<>();
        for (OnnxFile.Node node : file.nodes()) {
            if (node.operation().equals("MatMulInteger")) {
                String quantised = node.inputs().get(1);
                weights.put(
                        node.outputs().getFirst().replaceFirst("/MatMul_output_0.*", ""),
                        quantised.substring(0, quantised.length() - "_quantized".length()));
            }
        }
        var layers = new ArrayList<BertLayer>();
        for (int i = 0; i < LAYERS; i++) {
            String at = "/encoder/layer." + i;
            layers.add(
                    new BertLayer(
                            linear(file, weights, at + "/attention/self/query"),
                            linear(file, weights, at + "/attention/self/key"),
                            linear(file, weights, at + "/attention/self/value"),
                            linear(file, weights, at + "/attention/output/dense"),
                            norm(file, "encoder.layer." + i + ".attention.output.LayerNorm"),
                            linear(file, weights, at + "/intermediate/dense"),
                            linear(file, weights, at + "/output/dense"),
                            norm(file, "encoder.layer." + i + ".output.LayerNorm")));
        }
        return List.copyOf(layers);
    }

    private static Linear linear(OnnxFile file, Map<String, String> weights, String path) {
        String name = weights.get(path);
        if (name == null) {
            throw new IllegalStateException("ONNX file multiplies nothing at " + path);
        }
        for (int zero : file.ints(name + "_zero_point")) {
            if (zero != 0) {
                throw new IllegalStateException(name + " has a zero point other than 0");
            }
        }
        return new Linear(
                file.rows(name + "_quantized"),
                file.floats(name + "_scale"),
                file.floats(path.substring(1).replace('/', '.') + ".bias"));
    }

    private static LayerNorm norm(OnnxFile file, String name) {
        return new LayerNorm(file.floats(name + ".weight"), file.floats(name + ".bias"));
    }

    private static float[][] dequantised(OnnxFile file, String name) {
        byte[][] rows = file.rows(name + ".weight_quantized");
        float scale = file.floats(name + ".weight_scale")[0];
        int zero = file.ints(name + ".weight_zero_point")[0];
        var values = new float[rows.length][rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                values[i][j] = ((rows[i][j] & 0xff) - zero) * scale;
            }
        }
        return values;
    }
}
