package entrepot.knowledge.index;

import entrepot.knowledge.passages.Document;
import entrepot.knowledge.passages.Sentence;
import entrepot.knowledge.passages.Splitter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Cuts texts into passages: sentences under one heading, as many as make a good answer. */
public final class Passages {

    /** Changes whenever the same text would be cut or embedded in another way. */
    public static final int VERSION = 1;

    private static final int PASSAGE_CHARS_MAX = 900;

    /** Of one document; the rest of it is left off. */
    public static final int PASSAGES_MAX = 5_000;

    private final String text;
    private final List<Integer> pages;
    private final List<Passage> passages = new ArrayList<>();
    private @Nullable Sentence first;
    private int end;
    private String heading = "";
    private int countedTo;
    private int counted;

    private Passages(String text, List<Integer> pages) {
        this.text = text;
        this.pages = pages;
    }

    /**
     * @param pages offsets in {@code text} at which pages begin
     */
    public static List<Passage> of(String text, List<Integer> pages) {
        return new Passages(text, pages).cut();
    }

    private List<Passage> cut() {
        for (Sentence sentence : Splitter.sentences(new Document("", text))) {
            boolean title = sentence.kind() == Sentence.Kind.TITLE;
            Sentence start = first;
            boolean goesOn =
                    start != null
                            && !title
                            && sentence.heading().equals(heading)
                            && sentence.to() - start.from() <= PASSAGE_CHARS_MAX
                            && page(sentence.from()) == page(start.from());
            if (!goesOn) {
                close();
                first = sentence;
                heading = title ? sentence.text() : sentence.heading();
            }
            end = sentence.to();
        }
        close();
        return passages.size() > PASSAGES_MAX ? passages.subList(0, PASSAGES_MAX) : passages;
    }

    private void close() {
        Sentence start = first;
        if (start != null && hasWords(start.from())) {
            int from = characters(start.from());
            int to = characters(end);
            int page = page(start.from());
            passages.add(
                    new Passage(
                            passages.size(),
                            from,
                            to,
                            start.line(),
                            page == 0 ? null : (Integer) page,
                            heading,
                            text.substring(start.from(), end)));
        }
        first = null;
    }

    private boolean hasWords(int from) {
        return text.substring(from, end).codePoints().anyMatch(Character::isLetterOrDigit);
    }

    /** From 1; 0 where there are no pages. */
    private int page(int offset) {
        int page = 0;
        while (page < pages.size() && pages.get(page) <= offset) {
            page++;
        }
        return page;
    }

    /** Offsets only grow, so that the text is counted once. */
    private int characters(int offset) {
        counted += text.codePointCount(countedTo, offset);
        countedTo = offset;
        return counted;
    }
}
