package entrepot.testkit;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Things made from a seed: the same seed always makes the same things. A law is tried on many seeds
 * with {@link #each}; the one that broke it is named, and {@code -Dseed=} runs it alone.
 */
public final class Seeds {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Letters that break careless code: quotes, escapes, line ends, joiners, astral, bidi. */
    private static final List<String> NASTY =
            List.of(
                    "\"",
                    "\\",
                    "\n",
                    "\r\n",
                    "\r",
                    "\t",
                    "\u0000",
                    "\u001b",
                    "\u007f",
                    "\u0085",
                    "\u2028",
                    "\u2029",
                    "\ufeff",
                    "\u202e",
                    "\u200d",
                    "é",
                    "e\u0301",
                    "ß",
                    "İ",
                    "Ω",
                    "中",
                    "👩‍👩‍👧‍👦",
                    "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
                    "𝒳",
                    "</script>",
                    "data: ",
                    "\n\n",
                    "${x}",
                    "'; --",
                    "%00",
                    "../");

    private final long seed;
    private final RandomGenerator random;

    public Seeds(long seed) {
        this.seed = seed;
        random = new SplittableRandom(seed);
    }

    /** Something that must hold for every seed. */
    @FunctionalInterface
    public interface Law {
        void holds(Seeds seeds) throws Exception;
    }

    /** Tries a law on seeds 1 to {@code count}; only on the one of {@code -Dseed=} when given. */
    public static void each(int count, Law law) {
        var only = Long.getLong("seed");
        long first = only == null ? 1 : only;
        long last = only == null ? count : only;
        for (long seed = first; seed <= last; seed++) {
            try {
                law.holds(new Seeds(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError(
                        "broken by seed "
                                + seed
                                + " (-Dseed="
                                + seed
                                + " runs it alone): "
                                + e.getMessage(),
                        e);
            }
        }
    }

    public long seed() {
        return seed;
    }

    public RandomGenerator random() {
        return random;
    }

    /** 0 to {@code max}, both included. */
    public int upTo(int max) {
        return random.nextInt(max + 1);
    }

    /** True once in {@code n} times. */
    public boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    public <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** Text with nasty letters in it; well-formed UTF-16; possibly empty. */
    public String text(int piecesMax) {
        var text = new StringBuilder();
        for (int left = upTo(piecesMax); left > 0; left--) {
            switch (random.nextInt(4)) {
                case 0 -> text.append(pick(NASTY));
                case 1 -> text.append((char) random.nextInt(0x20, 0x7f));
                case 2 -> text.append(word());
                default -> text.appendCodePoint(codePoint());
            }
        }
        return text.toString();
    }

    /** One to eight small letters. */
    public String word() {
        var word = new StringBuilder();
        for (int left = 1 + upTo(7); left > 0; left--) {
            word.append((char) random.nextInt('a', 'z' + 1));
        }
        return word.toString();
    }

    public byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Any JSON value, at most {@code depth} containers deep. */
    public JsonNode json(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 7)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.booleanNode(random.nextBoolean());
            case 2 -> JSON.numberNode(random.nextInt());
            case 3 -> JSON.numberNode(random.nextLong());
            case 4 -> JSON.numberNode(new java.math.BigDecimal(random.nextLong() + "." + upTo(99)));
            case 5 -> JSON.stringNode(word());
            case 6 -> JSON.stringNode(text(12));
            case 7 -> jsonArray(depth - 1);
            default -> jsonObject(depth - 1);
        };
    }

    /** A JSON object of up to five members, whose values are at most {@code depth} deep. */
    public JsonNode jsonObject(int depth) {
        var object = JSON.objectNode();
        for (int left = upTo(5); left > 0; left--) {
            object.set(oneIn(4) ? text(4) : word(), json(depth));
        }
        return object;
    }

    /** The bytes in one or more pieces, cut anywhere: also within letters and line ends. */
    public List<byte[]> split(byte[] whole, int piecesMax) {
        var cuts = splitPositions(whole.length, piecesMax);
        var pieces = new ArrayList<byte[]>();
        int from = 0;
        for (int cut : cuts) {
            pieces.add(Arrays.copyOfRange(whole, from, cut));
            from = cut;
        }
        pieces.add(Arrays.copyOfRange(whole, from, whole.length));
        return pieces;
    }

    /** Where to cut: ascending, distinct, strictly inside; possibly none. */
    public int[] splitPositions(int length, int piecesMax) {
        if (length < 2) {
            return new int[0];
        }
        return random.ints(upTo(piecesMax - 1), 1, length).sorted().distinct().toArray();
    }

    private JsonNode jsonArray(int depth) {
        var array = JSON.arrayNode();
        for (int left = upTo(4); left > 0; left--) {
            array.add(json(depth));
        }
        return array;
    }

    private int codePoint() {
        while (true) {
            int candidate = random.nextInt(1, Character.MAX_CODE_POINT + 1);
            if (Character.isDefined(candidate)
                    && (candidate < Character.MIN_SURROGATE
                            || candidate > Character.MAX_SURROGATE)) {
                return candidate;
            }
        }
    }
}
