package entrepot.knowledge.passages;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds paragraphs, list items, table rows, code and headings in plain text and Markdown. */
final class Blocks {

    private static final Pattern HASH_HEADING =
            Pattern.compile("\\s{0,3}#{1,6}\\s+(.*?)\\s*#*\\s*");
    private static final Pattern UNDERLINE =
            Pattern.compile("\\s{0,3}(={3,}|-{3,}|~{3,}|\\^{3,})\\s*");
    private static final Pattern RULE = Pattern.compile("[\\s=\\-_*~+#|.<>/\\\\]*");
    private static final String NUMBER = "(?:\\d{1,3}\\.){0,3}\\d{1,3}|[a-z]|[ivx]{1,4}";
    private static final String TICK = "(?:\\[[\\sxX]\\]\\s+)?";
    private static final Pattern BULLET =
            Pattern.compile(
                    "\\s*(?:[-*+•·o‣–—]\\s+" + TICK + "|\\(?(?:" + NUMBER + ")[.)]\\s+)(?=\\S)");
    private static final Pattern NUMBERED_HEADING =
            Pattern.compile(
                    "\\s*(?:(?:section|article|chapter|part|appendix|annex|§)\\s+)?"
                            + "(?:\\d{1,3}(?:\\.\\d{1,3})*|[IVXLC]{1,5}|[A-Z])[.:)]?\\s+\\S.*",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern ROW = Pattern.compile("\\s*\\|.*\\|\\s*");
    private static final Pattern FENCE = Pattern.compile("\\s{0,3}(```|~~~).*");
    private static final Pattern PAGE = Pattern.compile(".*\\[Page \\d+\\]\\s*|\\f.*");

    /** A line at least this long was broken by an editor, not by its author. */
    private static final int WRAPPED_CHARS_MIN = 45;

    private static final int HEADING_CHARS_MAX = 80;
    private static final int HEADING_WORDS_MAX = 12;

    private final String text;
    private final List<int[]> lines = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();
    private String heading = "";
    private int open = -1;
    private int end = -1;
    private Sentence.Kind kind = Sentence.Kind.PROSE;

    private Blocks(String text) {
        this.text = text;
    }

    static List<Block> of(String text) {
        var blocks = new Blocks(text);
        blocks.read();
        return blocks.blocks;
    }

    private void read() {
        int from = 0;
        while (from < text.length()) {
            int newline = text.indexOf('\n', from);
            int to = newline < 0 ? text.length() : newline;
            lines.add(new int[] {from, to});
            from = to + 1;
        }
        for (int i = 0; i < lines.size(); i++) {
            i = line(i);
        }
        close();
    }

    /** Takes line {@code i} and returns the last line it has used up. */
    private int line(int i) {
        String line = line(i, 0);
        if (line.isBlank() || PAGE.matcher(line).matches()) {
            close();
            return i;
        }
        if (FENCE.matcher(line).matches()) {
            return code(i);
        }
        Matcher hash = HASH_HEADING.matcher(line);
        if (hash.matches()) {
            title(i, hash.start(1), hash.end(1));
            return i;
        }
        if (i + 1 < lines.size()
                && open < 0
                && UNDERLINE.matcher(line(i, 1)).matches()
                && isShort(line)) {
            title(i, 0, line.length());
            return i + 1;
        }
        if (RULE.matcher(line).matches()) {
            close();
            return i;
        }
        if (ROW.matcher(line).matches()) {
            close();
            blocks.add(new Block(start(i), lines.get(i)[1], Sentence.Kind.ROW, heading));
            return i;
        }
        if (isHeading(i, line)) {
            title(i, 0, line.length());
            return i;
        }
        prose(i, line);
        return i;
    }

    private String line(int i, int ahead) {
        int[] line = lines.get(i + ahead);
        return text.substring(line[0], line[1]);
    }

    private void prose(int i, String line) {
        Matcher bullet = BULLET.matcher(line);
        if (bullet.lookingAt()) {
            close();
            open(lines.get(i)[0] + bullet.end(), Sentence.Kind.ITEM);
        } else if (open < 0) {
            open(start(i), Sentence.Kind.PROSE);
        } else if (!continues(i, line)) {
            Sentence.Kind same = kind;
            close();
            open(start(i), same == Sentence.Kind.ITEM ? Sentence.Kind.PROSE : same);
        }
        end = lines.get(i)[1];
    }

    /** Whether a line goes on where the one above it broke off. */
    private boolean continues(int i, String line) {
        String above = line(i, -1).strip();
        String words = line.strip();
        if (Character.isLowerCase(words.codePointAt(0)) || above.endsWith(",")) {
            return true;
        }
        boolean records = isStamped(above) && isStamped(words);
        return above.length() >= WRAPPED_CHARS_MIN && !isField(words) && !records;
    }

    /** Such as a line of a log, which begins with a number or a bracket. */
    private static boolean isStamped(String line) {
        return line.matches("[\\[({<\"]*\\d{2,}[-:./,\\d\\sT].*");
    }

    /** Such as {@code Subject: the plan}. */
    private static boolean isField(String line) {
        return line.matches("[A-Z][\\w-]*(?: [\\w-]+){0,2}:\\s.*");
    }

    private boolean isHeading(int i, String line) {
        boolean first = open < 0;
        String words = line.strip();
        if (!first || !isShort(line) || words.matches(".*[.!?,;…]") || isField(words)) {
            return false;
        }
        boolean last = i + 1 >= lines.size();
        boolean blankBelow = !last && line(i, 1).isBlank();
        boolean shout = words.length() > 3 && words.matches("[^\\p{Ll}]*\\p{Lu}{3}[^\\p{Ll}]*");
        if (shout || (NUMBERED_HEADING.matcher(line).matches() && blankBelow)) {
            return true;
        }
        if (BULLET.matcher(line).lookingAt() || (words.endsWith(":") && !blankBelow)) {
            return false;
        }
        boolean longBelow = !last && line(i, 1).strip().length() > 2 * HEADING_CHARS_MAX;
        return (blankBelow || longBelow)
                && words.split("\\s+").length <= HEADING_WORDS_MAX
                && Character.isUpperCase(words.codePointAt(0));
    }

    private static boolean isShort(String line) {
        return line.strip().length() <= HEADING_CHARS_MAX;
    }

    private int code(int fence) {
        close();
        int last = fence + 1;
        while (last < lines.size() && !FENCE.matcher(line(last, 0)).matches()) {
            last++;
        }
        if (last > fence + 1) {
            blocks.add(
                    new Block(
                            start(fence + 1), lines.get(last - 1)[1], Sentence.Kind.CODE, heading));
        }
        return last;
    }

    private void title(int i, int from, int to) {
        close();
        int offset = lines.get(i)[0];
        String words = Document.normalise(text.substring(offset + from, offset + to));
        if (!words.isEmpty()) {
            int start = offset + from;
            while (Character.isWhitespace(text.charAt(start))) {
                start++;
            }
            blocks.add(new Block(start, offset + to, Sentence.Kind.TITLE, heading));
            heading = words;
        }
    }

    private int start(int i) {
        int at = lines.get(i)[0];
        while (at < lines.get(i)[1] && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private void open(int from, Sentence.Kind as) {
        open = from;
        kind = as;
    }

    private void close() {
        if (open >= 0 && end > open) {
            blocks.add(new Block(open, end, kind, heading));
        }
        open = -1;
    }
}
