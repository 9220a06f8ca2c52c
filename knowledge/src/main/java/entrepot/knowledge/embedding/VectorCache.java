package entrepot.knowledge.embedding;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The vectors of the texts seen last, found by the text's hash: no text is kept. */
final class VectorCache {

    private final Map<Key, float[]> vectors;

    /** Half of a SHA-256: two texts in 2^64 would have to meet. */
    record Key(long high, long low) {

        static Key of(String text) {
            try {
                byte[] hash =
                        MessageDigest.getInstance("SHA-256")
                                .digest(text.getBytes(StandardCharsets.UTF_8));
                ByteBuffer words = ByteBuffer.wrap(hash);
                return new Key(words.getLong(), words.getLong());
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("every Java platform has SHA-256", e);
            }
        }
    }

    VectorCache(int entriesMax) {
        vectors =
                new LinkedHashMap<>(16, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<Key, float[]> eldest) {
                        return size() > entriesMax;
                    }
                };
    }

    synchronized float @Nullable [] get(Key key) {
        return vectors.get(key);
    }

    synchronized void put(Key key, float[] vector) {
        vectors.put(key, vector);
    }
}
