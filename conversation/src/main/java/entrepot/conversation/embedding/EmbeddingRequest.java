package entrepot.conversation.embedding;

import entrepot.conversation.Extras;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/**
 * What a caller wants embedded, in no vendor's words.
 *
 * @param inputs one vector is made of each, in this order
 * @param alone whether the one input stood by itself, not in a list of one
 * @param dimensions how long the vectors shall be; null for the model's own length
 * @param encoding how the caller wants them written; null when it did not say
 * @param purpose what the vectors are for; null when it did not say
 */
public record EmbeddingRequest(
        String model,
        List<Input> inputs,
        boolean alone,
        @Nullable Integer dimensions,
        @Nullable Encoding encoding,
        @Nullable Purpose purpose,
        Extras extras) {

    public EmbeddingRequest {
        Objects.requireNonNull(model, "model");
        inputs = List.copyOf(inputs);
        if (alone && inputs.size() != 1) {
            throw new IllegalArgumentException("alone means one input, not " + inputs.size());
        }
    }

    /** A plain request with the defaults of every setting. */
    public static EmbeddingRequest of(String model, List<Input> inputs) {
        return new EmbeddingRequest(model, inputs, false, null, null, null, Extras.NONE);
    }

    public EmbeddingRequest withModel(String other) {
        return new EmbeddingRequest(other, inputs, alone, dimensions, encoding, purpose, extras);
    }

    /** The same request for some of its inputs. */
    public EmbeddingRequest withInputs(List<Input> some) {
        return new EmbeddingRequest(model, some, false, dimensions, encoding, purpose, extras);
    }

    /** One thing to embed. */
    public sealed interface Input {

        record Text(String text) implements Input {}

        /** A text that the caller has cut into the model's own tokens. */
        record Tokens(List<Integer> ids) implements Input {
            public Tokens {
                ids = List.copyOf(ids);
            }
        }
    }

    /** How vectors are written. */
    public enum Encoding {
        /** As lists of numbers. */
        FLOAT,
        /** As base64 of 32-bit floats, the least significant byte first. */
        BASE64
    }

    /** What vectors are for; some models embed a question and its answers differently. */
    public enum Purpose {
        QUERY,
        DOCUMENT
    }
}
