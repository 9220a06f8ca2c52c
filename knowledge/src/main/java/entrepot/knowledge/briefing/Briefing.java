package entrepot.knowledge.briefing;

import entrepot.knowledge.embedding.Embedder;

import java.util.List;
import java.util.Set;

/** Writes an answer in quotes. The same order and the same sources always give the same text. */
public final class Briefing {

    private final Embedder embedder;

    public Briefing(Embedder embedder) {
        this.embedder = embedder;
    }

    /**
     * What is wanted.
     *
     * @param question in the reader's words
     * @param brief whether only the answer is wanted, without timeline, figures and checks
     * @param remarks what went wrong before, such as files that could not be read; one line each
     * @param favoured places such as {@code notes.md:12} that a search has found
     */
    public record Assignment(
            String question,
            List<Source> sources,
            boolean brief,
            List<String> remarks,
            Set<String> favoured) {
        public Assignment {
            sources = List.copyOf(sources);
            remarks = List.copyOf(remarks);
            favoured = Set.copyOf(favoured);
        }
    }

    /** Takes the text piece by piece. */
    @FunctionalInterface
    public interface Page {
        void write(String text) throws InterruptedException;
    }

    public void write(Assignment assignment, Page page) throws InterruptedException {
        if (!assignment.brief()) {
            page.write("# " + title(assignment.question()) + "\n\n");
        }
        Material material = Material.of(embedder, assignment.sources(), assignment.question());
        if (material.size() == 0) {
            page.write("**Not found in these documents:** there is no text in them to quote.\n\n");
            new Colophon(assignment, material, new Quotes(assignment.sources())).write(page);
            return;
        }
        var quotes = new Quotes(assignment.sources());
        var sections = new Sections(assignment, material, quotes);
        for (Section section : sections.all()) {
            List<String> lines = section.lines().get();
            if (!lines.isEmpty()) {
                page.write(section.heading().isEmpty() ? "" : "**" + section.heading() + "**\n");
                for (String line : lines) {
                    page.write(line + "\n");
                }
                page.write("\n");
            }
        }
        new Colophon(assignment, material, quotes).write(page);
    }

    /**
     * A part of the text, made only when its turn comes, so that the parts before it can be read.
     */
    record Section(String heading, Lines lines) {

        @FunctionalInterface
        interface Lines {
            List<String> get() throws InterruptedException;
        }
    }

    private static String title(String question) {
        String line = question.strip().replaceAll("\\s+", " ");
        if (line.isEmpty()) {
            return "Briefing";
        }
        if (line.length() <= 200) {
            return line;
        }
        int space = line.lastIndexOf(' ', 200);
        return line.substring(0, space > 0 ? space : 200) + " …";
    }
}
