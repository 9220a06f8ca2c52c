package entrepot.knowledge.briefing;

import entrepot.knowledge.briefing.Briefing.Assignment;
import entrepot.knowledge.briefing.Briefing.Page;
import entrepot.knowledge.passages.Sentence;

/** The end of a briefing: what was read, what was not, and how far to trust it. */
final class Colophon {

    private static final int SOURCES_LISTED_MAX = 30;

    private final Assignment assignment;
    private final Material material;
    private final Quotes quotes;

    Colophon(Assignment assignment, Material material, Quotes quotes) {
        this.assignment = assignment;
        this.material = material;
        this.quotes = quotes;
    }

    void write(Page page) throws InterruptedException {
        var text = new StringBuilder();
        if (!assignment.brief() || !assignment.remarks().isEmpty()) {
            text.append("**Sources**\n");
            assignment.sources().stream().limit(SOURCES_LISTED_MAX).forEach(s -> line(s, text));
            int more = assignment.sources().size() - SOURCES_LISTED_MAX;
            if (more > 0) {
                text.append("- and %d more\n".formatted(more));
            }
            assignment.remarks().forEach(remark -> text.append("- ").append(remark).append('\n'));
            if (material.sentencesLeftOut() > 0) {
                text.append(
                        ("- %d of %d sentences were compared: those that share most words with the"
                                        + " question\n")
                                .formatted(
                                        material.size(),
                                        material.size() + material.sentencesLeftOut()));
            }
            text.append('\n');
        }
        int count = quotes.checked();
        text.append(
                ("_This model extracts and does not generate: %s, checked word for word against"
                                + " %s source.%s_\n")
                        .formatted(
                                count == 1 ? "1 quote" : count + " quotes",
                                count == 1 ? "its" : "their",
                                quotes.dropped() == 0
                                        ? ""
                                        : " %d were not found there and left out."
                                                .formatted(quotes.dropped())));
        page.write(text.toString());
    }

    private static void line(Source source, StringBuilder text) {
        long sentences =
                source.sentences().stream()
                        .filter(s -> s.kind() != Sentence.Kind.TITLE)
                        .filter(s -> s.kind() != Sentence.Kind.NOTICE)
                        .count();
        text.append(
                "- %s: %d %s"
                        .formatted(
                                source.name(),
                                sentences,
                                sentences == 1 ? "sentence" : "sentences"));
        text.append(source.note().isEmpty() ? "" : "; " + source.note()).append('\n');
    }
}
