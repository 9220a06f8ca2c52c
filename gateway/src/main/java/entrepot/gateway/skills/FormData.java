package entrepot.gateway.skills;

import entrepot.conversation.Failed;
import entrepot.gateway.door.Refusals;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads bodies of {@code multipart/form-data} (RFC 7578). */
final class FormData {

    static final String MEDIA = "multipart/form-data";

    private static final int FIELDS_MAX = 1_000;
    private static final int HEAD_BYTES_MAX = 8 << 10;
    private static final Pattern BOUNDARY =
            Pattern.compile("boundary=(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70}))");
    private static final Pattern NAME = Pattern.compile("[;\\s]name=\"([^\"]*)\"");
    private static final Pattern FILE = Pattern.compile("[;\\s]filename=\"([^\"]*)\"");

    private FormData() {}

    /**
     * @param fileName null for a field that is no file
     */
    record Field(String name, @Nullable String fileName, byte[] body) {}

    /**
     * @param contentType of the whole body
     * @throws Failed when it is not what it says
     */
    static List<Field> read(@Nullable String contentType, byte[] body) {
        Matcher boundary = BOUNDARY.matcher(contentType == null ? "" : contentType);
        if (contentType == null || !contentType.startsWith(MEDIA) || !boundary.find()) {
            throw malformed("the content-type must be multipart/form-data with a boundary.");
        }
        String word = boundary.group(1) == null ? boundary.group(2) : boundary.group(1);
        byte[] mark = ("--" + word).getBytes(StandardCharsets.ISO_8859_1);
        byte[] next = ("\r\n--" + word).getBytes(StandardCharsets.ISO_8859_1);
        byte[] headEnd = "\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        var fields = new ArrayList<Field>();
        int at = indexOf(body, mark, 0);
        while (at >= 0) {
            int from = at + mark.length;
            if (from + 1 < body.length && body[from] == '-' && body[from + 1] == '-') {
                return fields;
            }
            int head = indexOf(body, headEnd, from);
            int end = head < 0 ? -1 : indexOf(body, next, head + headEnd.length - 2);
            if (end < 0 || head - from > HEAD_BYTES_MAX || fields.size() >= FIELDS_MAX) {
                break;
            }
            fields.add(
                    field(
                            new String(body, from, head - from, StandardCharsets.UTF_8),
                            Arrays.copyOfRange(body, Math.min(end, head + headEnd.length), end)));
            at = end + 2;
        }
        throw malformed("a part of it has no end.");
    }

    private static Field field(String head, byte[] body) {
        Matcher name = NAME.matcher(head);
        Matcher file = FILE.matcher(head);
        if (!name.find()) {
            throw malformed("a part of it has no name.");
        }
        return new Field(name.group(1), file.find() ? file.group(1) : null, body);
    }

    private static Failed malformed(String problem) {
        return Refusals.value("body", problem);
    }

    private static int indexOf(byte[] in, byte[] what, int from) {
        for (int i = Math.max(0, from); i <= in.length - what.length; i++) {
            if (in[i] == what[0] && Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
                return i;
            }
        }
        return -1;
    }
}
