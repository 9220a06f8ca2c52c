package entrepot.conversation.embedding;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;

/**
 * One vector. It keeps the text it was read from, if that was base64, so that it is written again
 * as exactly that.
 */
public final class Vector {

    private final float[] values;
    private final @Nullable String encoded;

    private Vector(float[] values, @Nullable String encoded) {
        this.values = values;
        this.encoded = encoded;
    }

    public static Vector of(float... values) {
        return new Vector(values.clone(), null);
    }

    /**
     * Reads 32-bit floats, the least significant byte first.
     *
     * @throws IllegalArgumentException when the text is not base64 of such
     */
    public static Vector ofBase64(String text) {
        byte[] bytes = Base64.getDecoder().decode(text);
        if (bytes.length % Float.BYTES != 0) {
            throw new IllegalArgumentException(bytes.length + " bytes are no 32-bit floats");
        }
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return new Vector(values, text);
    }

    public int size() {
        return values.length;
    }

    public float get(int index) {
        return values[index];
    }

    /** A copy. */
    public float[] values() {
        return values.clone();
    }

    public String base64() {
        if (encoded != null) {
            return encoded;
        }
        var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Vector vector && Arrays.equals(values, vector.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    /** Its length only: the values are content. */
    @Override
    public String toString() {
        return "Vector[" + values.length + "]";
    }
}
