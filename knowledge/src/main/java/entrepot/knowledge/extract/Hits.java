package entrepot.knowledge.extract;

import entrepot.knowledge.briefing.Source;
import entrepot.knowledge.passages.Document;
import entrepot.knowledge.passages.Sentence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Sentences that searches found in what was not read: they can be quoted as well. */
final class Hits {

    private static final String NOTE = "only what a search found";

    private Hits() {}

    /** The sources with the sentences found beyond them; files that were not read come last. */
    static List<Source> added(List<String> hits, List<Source> sources) {
        Map<String, List<Sentence>> found = new LinkedHashMap<>();
        for (String hit : new TreeSet<>(hits)) {
            int tab = hit.indexOf('\t');
            int colon = hit.lastIndexOf(':', tab);
            if (colon > 0 && hit.substring(colon + 1, tab).matches("\\d{1,9}")) {
                String file = hit.substring(0, colon);
                int line = Integer.parseInt(hit.substring(colon + 1, tab));
                found.computeIfAbsent(file, f -> new ArrayList<>())
                        .add(sentence(file, line, hit.substring(tab + 1).strip()));
            }
        }
        var all = new ArrayList<Source>();
        for (Source source : sources) {
            List<Sentence> more = found.remove(source.name());
            all.add(more == null ? source : joined(source, more));
        }
        found.forEach((file, sentences) ->
                all.add(joined(new Source(file, "", List.of(), NOTE), sentences)));
        return all;
    }

    private static Sentence sentence(String file, int line, String text) {
        return new Sentence(file, line, 0, text.length(), text, "", List.of(), Sentence.Kind.PROSE);
    }

    private static Source joined(Source source, List<Sentence> found) {
        var text = new StringBuilder(source.normalised());
        var sentences = new ArrayList<>(source.sentences());
        for (Sentence sentence : found) {
            if (!Document.says(text.toString(), sentence.text())) {
                text.append('\n').append(sentence.text());
                sentences.add(sentence);
            }
        }
        return new Source(source.name(), text.toString(), sentences, source.note());
    }
}
