package entrepot.knowledge.passages;

import org.jspecify.annotations.Nullable;

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

    private final String name;
    private final String text;
    private final Lines lines;
    private final List<Sentence> sentences = new ArrayList<>();

    private Splitter(Document document) {
        name = document.name();
        text = document.text();
        lines = new Lines(text);
    }

    public static List<Sentence> sentences(Document document) {
        return new Splitter(document).split();
    }

    private List<Sentence> split() {
        String clause = "";
        String above = "";
        for (Block block : Blocks.of(text)) {
            if (!block.heading().equals(above)) {
                clause = "";
                above = block.heading();
            }
            int first = sentences.size();
            split(clause.isEmpty() ? block : block.under(clause));
            if (isClause(block, first)) {
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
    private boolean isClause(Block block, int first) {
        if (block.kind() != Sentence.Kind.ITEM || sentences.size() < first + 2) {
            return false;
        }
        String[] words = sentences.get(first).text().split(" ");
        return words.length <= TITLE_WORDS_MAX
                && sentences.get(first).text().endsWith(".")
                && Character.isUpperCase(words[0].codePointAt(0))
                && Character.isUpperCase(words[words.length - 1].codePointAt(0));
    }

    private void split(Block block) {
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
                Matcher inside = trailingMarks(from, end);
                if (inside != null) {
                    marks = sources(inside.group());
                    to = inside.start();
                }
            }
            for (int start = from; start < to; ) {
                int cut = cut(start, to);
                add(block, start, cut, marks);
                start = skipSpace(cut, to);
            }
            from = skipSpace(end, block.to());
        }
    }

    private @Nullable Matcher trailingMarks(int from, int end) {
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

    private int cut(int from, int to) {
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

    private void add(Block block, int from, int to, List<String> marks) {
        int end = to;
        while (end > from && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        String words = Document.normalise(text.substring(from, end));
        if (!words.isEmpty()) {
            sentences.add(
                    new Sentence(
                            name,
                            lines.at(from),
                            from,
                            end,
                            words,
                            block.heading(),
                            marks,
                            Furniture.is(words) ? Sentence.Kind.NOTICE : block.kind()));
        }
    }

    private int skipSpace(int from, int to) {
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
