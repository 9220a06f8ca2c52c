package entrepot.market.contracts;

import org.jspecify.annotations.Nullable;

import java.time.LocalDate;

/**
 * Where in a document something is said.
 *
 * @param quote its own words, when they may be repeated
 * @param url of the very place, when it is not the document's
 */
public record Source(
        Document document, @Nullable String section, @Nullable String quote, @Nullable String url) {

    /** One line for people: title, publisher, date, section. */
    @Override
    public String toString() {
        var text = new StringBuilder(document.title());
        if (document.publisher() != null) {
            text.append(", ").append(document.publisher());
        }
        if (document.date() != null) {
            text.append(", ").append(document.date());
        }
        if (section != null) {
            text.append(", ").append(section);
        }
        return text.toString();
    }

    /**
     * What clauses are taken from.
     *
     * @param publisher such as {@code blogs.microsoft.com}, or the archive it lies in
     */
    public record Document(
            String id,
            String title,
            @Nullable String publisher,
            @Nullable LocalDate date,
            @Nullable String url) {}
}
