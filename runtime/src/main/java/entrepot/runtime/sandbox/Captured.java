package entrepot.runtime.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The beginning and the end of what was written, when the whole is too long. For one thread. */
final class Captured {

    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final byte[] tail;
    private final int headBytesMax;
    private long tailBytes;

    /**
     * @param bytesMax kept of what is written
     * @param headOnly whether all that is kept is of the beginning
     */
    Captured(int bytesMax, boolean headOnly) {
        this.headBytesMax = headOnly ? bytesMax : bytesMax / 2;
        this.tail = new byte[bytesMax - headBytesMax];
    }

    void add(byte[] bytes, int count) {
        int first = Math.min(count, headBytesMax - head.size());
        head.write(bytes, 0, first);
        for (int i = first; i < count; i++) {
            if (tail.length > 0) {
                tail[(int) (tailBytes % tail.length)] = bytes[i];
            }
            tailBytes++;
        }
    }

    long omitted() {
        return Math.max(0, tailBytes - tail.length);
    }

    /** The beginning, then the end. */
    byte[] bytes() {
        byte[] first = head.toByteArray();
        byte[] last = last();
        byte[] all = Arrays.copyOf(first, first.length + last.length);
        System.arraycopy(last, 0, all, first.length, last.length);
        return all;
    }

    private byte[] last() {
        int kept = (int) Math.min(tailBytes, tail.length);
        byte[] last = new byte[kept];
        for (int i = 0; i < kept; i++) {
            last[i] = tail[(int) ((tailBytes - kept + i) % tail.length)];
        }
        return last;
    }

    /** As text, with a line that says what is left out. */
    String text() {
        String first = head.toString(StandardCharsets.UTF_8);
        String last = new String(last(), StandardCharsets.UTF_8);
        return omitted() == 0
                ? first + last
                : first + "\n[… " + omitted() + " bytes left out …]\n" + last;
    }
}
