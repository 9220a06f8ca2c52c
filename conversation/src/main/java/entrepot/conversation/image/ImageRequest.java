package entrepot.conversation.image;

import entrepot.conversation.Extras;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.Objects;

/**
 * What a caller wants drawn, in no vendor's words.
 *
 * @param count how many pictures
 * @param size null for the model's own
 * @param quality null when the caller did not say
 * @param mediaType of the pictures, such as {@code image/png}; null for the model's own
 * @param addressed whether the caller wants addresses of pictures, not their bytes
 */
public record ImageRequest(
        String model,
        String prompt,
        int count,
        @Nullable Size size,
        @Nullable Quality quality,
        @Nullable String mediaType,
        boolean addressed,
        Extras extras) {

    public ImageRequest {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(prompt, "prompt");
        if (count < 1) {
            throw new IllegalArgumentException("count is " + count);
        }
    }

    /** A plain request with the defaults of every setting. */
    public static ImageRequest of(String model, String prompt) {
        return new ImageRequest(model, prompt, 1, null, null, null, false, Extras.NONE);
    }

    public ImageRequest withModel(String other) {
        return new ImageRequest(other, prompt, count, size, quality, mediaType, addressed, extras);
    }

    public ImageRequest withCount(int other) {
        return new ImageRequest(model, prompt, other, size, quality, mediaType, addressed, extras);
    }

    /** In pixels. */
    public record Size(int width, int height) {

        public Size {
            if (width < 1 || height < 1) {
                throw new IllegalArgumentException("a picture of " + width + " x " + height);
            }
        }

        /** The shape without the size: {@code 16:9}. */
        public String ratio() {
            int common = BigInteger.valueOf(width).gcd(BigInteger.valueOf(height)).intValueExact();
            return width / common + ":" + height / common;
        }

        @Override
        public String toString() {
            return width + "x" + height;
        }
    }

    /** How much care is taken; models know two or three degrees of it. */
    public enum Quality {
        LOW,
        MEDIUM,
        STANDARD,
        HIGH
    }
}
