package entrepot.conversation.image;

import entrepot.conversation.Usage;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a model made of an {@link ImageRequest}.
 *
 * @param pictures as many as were asked for, or fewer where some were filtered
 * @param usage {@link Usage#NONE} when the supplier told none
 */
public record Images(List<Picture> pictures, Usage usage) {

    public Images {
        pictures = List.copyOf(pictures);
    }

    /** The pictures of one request that was made in several calls. */
    public Images plus(Images more) {
        var all = new ArrayList<>(pictures);
        all.addAll(more.pictures);
        return new Images(all, usage.plus(more.usage));
    }

    /**
     * One picture.
     *
     * @param base64 its bytes
     * @param mediaType such as {@code image/png}; null when nobody said
     * @param prompt what was drawn, where a model wrote the prompt anew; else null
     */
    public record Picture(String base64, @Nullable String mediaType, @Nullable String prompt) {

        public Picture {
            Objects.requireNonNull(base64, "base64");
        }

        /** Its length only: it is content. */
        @Override
        public String toString() {
            return "Picture[" + mediaType + ", " + base64.length() + " letters]";
        }
    }
}
