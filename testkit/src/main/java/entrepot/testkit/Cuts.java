package entrepot.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Cuts a stream at every byte, and holds what is read of it against what is read of it whole.
 *
 * <p>A stream of at most {@link #EVERYWHERE_BYTES_MAX} is cut in two at each of its positions. To
 * do that to a longer one takes time that grows with the square of its length, so it is combed: one
 * reading has cuts at 0, 127, 254 …, the next at 1, 128, 255 …, until each position was a cut once;
 * and it is cut in two at some positions, those first where cutting hurts: inside letters of
 * several bytes, between CR and LF, about the borders of events. {@code -Dentrepot.cuts=all} cuts
 * all in two everywhere. Each stream is read in single bytes as well.
 */
public final class Cuts {

    /** Of a stream that is cut in two at each position. */
    static final int EVERYWHERE_BYTES_MAX = 4096;

    private static final int COMB_BYTES = 127;

    /** Of what is read of one longer stream when it is cut in two. */
    private static final int IN_TWO_BYTES_MAX = 1_000_000;

    private static final boolean ALL = "all".equals(System.getProperty("entrepot.cuts"));

    private Cuts() {}

    /** Reads a stream from its pieces; what it gives is compared by {@code equals}. */
    @FunctionalInterface
    public interface Reading<T> {
        T of(List<byte[]> pieces) throws Exception;
    }

    /**
     * Reads a stream whole and in pieces.
     *
     * @param name of the stream, for what is said when two readings differ
     * @return what is read of it whole
     */
    public static <T> T same(String name, byte[] stream, Reading<T> reading) {
        T whole = read(List.of(stream), reading, name);
        boolean everywhere = ALL || stream.length <= EVERYWHERE_BYTES_MAX;
        int[] inTwo = everywhere ? all(stream.length) : some(stream);
        for (int cut : inTwo) {
            check(whole, pieces(stream, cut, stream.length), reading, name + " cut at " + cut);
        }
        for (int first = 0; !everywhere && first < COMB_BYTES; first++) {
            String where = name + " cut at " + first + " and every " + COMB_BYTES + " bytes";
            check(whole, pieces(stream, first, COMB_BYTES), reading, where);
        }
        check(whole, pieces(stream, 1, 1), reading, name + " in single bytes");
        return whole;
    }

    private static <T> void check(T whole, List<byte[]> pieces, Reading<T> reading, String where) {
        T seen = read(pieces, reading, where);
        if (!Objects.equals(whole, seen)) {
            throw new AssertionError(where + ": expected " + whole + " but was " + seen);
        }
    }

    private static <T> T read(List<byte[]> pieces, Reading<T> reading, String where) {
        try {
            return reading.of(pieces);
        } catch (Exception | AssertionError e) {
            throw new AssertionError(where + ": " + e.getMessage(), e);
        }
    }

    private static List<byte[]> pieces(byte[] stream, int first, int step) {
        var pieces = new ArrayList<byte[]>(2 + (stream.length - first) / step);
        int from = 0;
        for (int cut = first; cut < stream.length; cut += step) {
            pieces.add(Arrays.copyOfRange(stream, from, cut));
            from = cut;
        }
        pieces.add(Arrays.copyOfRange(stream, from, stream.length));
        return pieces;
    }

    private static int[] all(int length) {
        var all = new int[length + 1];
        Arrays.setAll(all, at -> at);
        return all;
    }

    /** Half where it hurts, half anywhere; the same for the same stream. */
    static int[] some(byte[] stream) {
        int count = Math.max(8, IN_TWO_BYTES_MAX / stream.length);
        var random = new SplittableRandom(Arrays.hashCode(stream));
        List<Integer> sore = sore(stream);
        var some = new TreeSet<Integer>();
        for (int left = count / 2; left > 0 && !sore.isEmpty(); left--) {
            some.add(sore.get(random.nextInt(sore.size())));
        }
        while (some.size() < count) {
            some.add(random.nextInt(stream.length + 1));
        }
        return some.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Positions inside a letter, between CR and LF, before, in and after an empty line. */
    static List<Integer> sore(byte[] stream) {
        var sore = new ArrayList<Integer>();
        for (int at = 1; at < stream.length; at++) {
            boolean inLetter = (stream[at] & 0xC0) == 0x80;
            boolean lineEnd = stream[at] == '\n' || stream[at - 1] == '\n';
            if (inLetter || lineEnd) {
                sore.add(at);
            }
        }
        return sore;
    }
}
