package entrepot.knowledge.extraction;

import java.util.List;

/**
 * What a document says.
 *
 * @param title as the document itself says; empty when it does not
 * @param pages offset in the text at which each page, slide or sheet begins; empty where there are
 *     none
 * @param cut whether the text is only the document's beginning
 */
public record Extracted(String title, String text, List<Integer> pages, boolean cut) {
    public Extracted {
        pages = List.copyOf(pages);
    }
}
