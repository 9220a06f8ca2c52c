package entrepot.knowledge.extraction.child;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What parent and child say to each other.
 *
 * <pre>
 *   request  := kind:u8 charsMax:i32 bytes
 *   answer   := 0:u8 title:bytes text:bytes cut:u8 pages:i32 offset:i32*
 *             | 1:u8 message:bytes
 *   bytes    := length:i32 byte*
 * </pre>
 */
public final class Frames {

    private static final int GOOD = 0;
    private static final int BAD = 1;

    private Frames() {}

    /** Which parser to use. */
    public enum Kind {
        PDF('p'),
        HTML('h'),
        OFFICE('o');

        private final char code;

        Kind(char code) {
            this.code = code;
        }

        private static Kind of(int code) throws IOException {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IOException("no kind of document has the code " + code);
        }
    }

    /** A document to parse. */
    public record Request(Kind kind, int charsMax, byte[] bytes) {}

    /** The answer to a request: what was parsed, or why it was not. */
    public sealed interface Answer {
        record Good(Parsed parsed) implements Answer {}

        record Bad(String why) implements Answer {}
    }

    public static void write(DataOutputStream out, Request request) throws IOException {
        out.writeByte(request.kind().code);
        out.writeInt(request.charsMax());
        bytes(out, request.bytes());
        out.flush();
    }

    static Request readRequest(DataInputStream in, int first) throws IOException {
        int charsMax = in.readInt();
        return new Request(Kind.of(first), charsMax, bytes(in, Integer.MAX_VALUE));
    }

    static void write(DataOutputStream out, Answer answer) throws IOException {
        switch (answer) {
            case Answer.Good(Parsed parsed) -> {
                out.writeByte(GOOD);
                bytes(out, parsed.title().getBytes(StandardCharsets.UTF_8));
                bytes(out, parsed.text().getBytes(StandardCharsets.UTF_8));
                out.writeBoolean(parsed.cut());
                out.writeInt(parsed.pages().size());
                for (int page : parsed.pages()) {
                    out.writeInt(page);
                }
            }
            case Answer.Bad(String why) -> {
                out.writeByte(BAD);
                bytes(out, why.getBytes(StandardCharsets.UTF_8));
            }
        }
        out.flush();
    }

    /**
     * @param bytesMax what any part of the answer may have, whatever the child says
     */
    public static Answer readAnswer(DataInputStream in, int bytesMax) throws IOException {
        int first = in.readUnsignedByte();
        if (first == BAD) {
            return new Answer.Bad(text(in, bytesMax));
        }
        String title = text(in, bytesMax);
        String text = text(in, bytesMax);
        boolean cut = in.readBoolean();
        int count = in.readInt();
        if (first != GOOD || count < 0 || count > bytesMax / Integer.BYTES) {
            throw new IOException("not an answer of the parser");
        }
        List<Integer> pages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            pages.add(in.readInt());
        }
        return new Answer.Good(new Parsed(title, text, pages, cut));
    }

    private static String text(DataInputStream in, int bytesMax) throws IOException {
        return new String(bytes(in, bytesMax), StandardCharsets.UTF_8);
    }

    private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] bytes(DataInputStream in, int bytesMax) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > bytesMax) {
            throw new IOException("a part of " + length + " bytes, more than " + bytesMax);
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }
}
