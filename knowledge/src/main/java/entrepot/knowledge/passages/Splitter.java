package entrepot.knowledge.passages;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a document into sentences, in order. */
public final class Splitter {

    /** Longer sentences are cut at a white space: nobody reads them in one piece. */
    private static final int SENTENCE_CHARS_MAX = 600;

    /** What a cut leaves over is at least this long, or there is no cut. */
    private static final int REST_CHARS_MIN = 200;

    private static final int TITLE_WORDS_MAX = 8;

    private static final Pattern SOURCE_MARKS =
            Pattern.compile("(?:\\s*\\((?:[\\w-]+\\.)+[a-z]{2,}(?:/\\S*)?\\))+\\.?");
    private static final Pattern SOURCE = Pattern.compile("\\(([^)]+)\\)");

    private Splitter() {}

    public static List<Sentence> sentences(Document document) {
        var sentences = new ArrayList<Sentence>();
        var lines = new Lines(document.text());
        String clause = "";
        String above = "";
        for (Block block : Blocks.of(document.text())) {
            if (!block.heading().equals(above)) {
                clause = "";
                above = block.heading();
            }
            int first = sentences.size();
            split(document, clause.isEmpty() ? block : block.under(clause), lines, sentences);
            if (isClause(block, sentences, first)) {
                Sentence title = sentences.get(first);
                clause = title.text().substring(0, title.text().length() - 1);
                for (int i = first; i < sentences.size(); i++) {
                    sentences.set(i, i == first ? title.asTitle() : sentences.get(i).under(clause));
                }
            }
        }
        return sentences;
    }

    /** Whether an item begins with its own title, as in {@code 2. Grant of Licence. Each…}. */
    private static boolean isClause(Block block, List<Sentence> sentences, int first) {
        if (block.kind() != Sentence.Kind.ITEM || sentences.size() < first + 2) {
            return false;
        }
        String[] words = sentences.get(first).text().split(" ");
        return words.length <= TITLE_WORDS_MAX
                && sentences.get(first).text().endsWith(".")
                && Character.isUpperCase(words[0].codePointAt(0))
                && Character.isUpperCase(words[words.length - 1].codePointAt(0));
    }

    private static void split(
            Document document, Block block, Lines lines, List<Sentence> sentences) {
        String text = document.text();
        int from = block.from();
        while (from < block.to()) {
            int end =
                    block.kind() == Sentence.Kind.CODE || block.kind() == Sentence.Kind.ROW
                            ? block.to()
                            : Boundaries.next(text, from, block.to());
            int to = end;
            List<String> marks = List.of();
            Matcher found = SOURCE_MARKS.matcher(text).region(end, block.to());
            if (found.lookingAt()) {
                marks = sources(found.group());
                end = found.end();
            } else {
                // The marks may stand before the full stop, or end a sentence that has none.
                Matcher inside = trailingMarks(text, from, end);
                if (inside != null) {
                    marks = sources(inside.group());
                    to = inside.start();
                }
            }
            for (int start = from; start < to; ) {
                int cut = cut(text, start, to);
                add(document, block, lines, start, cut, marks, sentences);
                start = skipSpace(text, cut, to);
            }
            from = skipSpace(text, end, block.to());
        }
    }

    private static @org.jspecify.annotations.Nullable Matcher trailingMarks(
            String text, int from, int end) {
        Matcher marks = SOURCE_MARKS.matcher(text).region(from, end);
        while (marks.find()) {
            if (marks.end() == end && marks.start() > from) {
                return marks;
            }
        }
        return null;
    }

    private static List<String> sources(String marks) {
        return SOURCE.matcher(marks).results().map(m -> m.group(1)).toList();
    }

    private static int cut(String text, int from, int to) {
        if (to - from <= SENTENCE_CHARS_MAX + REST_CHARS_MIN) {
            return to;
        }
        int space = from + SENTENCE_CHARS_MAX;
        while (space > from + SENTENCE_CHARS_MAX / 2
                && !Character.isWhitespace(text.charAt(space))) {
            space--;
        }
        return Character.isLowSurrogate(text.charAt(space)) ? space - 1 : space;
    }

    private static void add(
            Document document,
            Block block,
            Lines lines,
            int from,
            int to,
            List<String> marks,
            List<Sentence> sentences) {
        int end = to;
        while (end > from && Character.isWhitespace(document.text().charAt(end - 1))) {
            end--;
        }
        String words = Document.normalise(document.text().substring(from, end));
        if (!words.isEmpty()) {
            sentences.add(
                    new Sentence(
                            document.name(),
                            lines.at(from),
                            from,
                            end,
                            words,
                            block.heading(),
                            marks,
                            Furniture.is(words) ? Sentence.Kind.NOTICE : block.kind()));
        }
    }

    private static int skipSpace(String text, int from, int to) {
        int at = from;
        while (at < to && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Line numbers for offsets that only grow. */
    private static final class Lines {
        private final String text;
        private int offset;
        private int line = 1;

        private Lines(String text) {
            this.text = text;
        }

        private int at(int target) {
            for (; offset < target; offset++) {
                if (text.charAt(offset) == '\n') {
                    line++;
                }
            }
            return line;
        }
    }
}
