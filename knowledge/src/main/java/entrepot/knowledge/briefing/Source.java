package entrepot.knowledge.briefing;

import entrepot.knowledge.passages.Document;
import entrepot.knowledge.passages.Sentence;
import entrepot.knowledge.passages.Splitter;

import java.util.List;

/**
 * A document that was read.
 *
 * @param normalised its text with every run of white space as one space, against which quotes are
 *     checked
 * @param note what the reader must know of it, such as that it was cut; empty when nothing
 */
public record Source(String name, String normalised, List<Sentence> sentences, String note) {

    public Source {
        sentences = List.copyOf(sentences);
    }

    public static Source of(Document document, String note) {
        return new Source(
                document.name(), document.normalised(), Splitter.sentences(document), note);
    }

    boolean says(String quote) {
        return Document.says(normalised, quote);
    }
}
