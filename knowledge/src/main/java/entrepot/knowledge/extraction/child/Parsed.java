package entrepot.knowledge.extraction.child;

import java.util.List;

/**
 * What a parser made of a document.
 *
 * @param title as the document itself says; empty when it does not
 * @param pages offset in the text at which each page begins; empty where there are none
 * @param cut whether the text is only the beginning
 */
public record Parsed(String title, String text, List<Integer> pages, boolean cut) {
    public Parsed {
        pages = List.copyOf(pages);
    }
}
