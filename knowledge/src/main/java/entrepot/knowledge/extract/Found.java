package entrepot.knowledge.extract;

import entrepot.knowledge.passages.Document;
import entrepot.knowledge.passages.Sentence;
import entrepot.knowledge.passages.Splitter;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;

/** Passages of company data, as {@code search_knowledge} gives them, as sentences with places. */
final class Found {

    private Found() {}

    /**
     * Lines {@code SOURCE/DOCUMENT:LINE<TAB>SENTENCE}; none when the search says that it found
     * nothing, or in words that are not understood.
     */
    static List<String> lines(String result) {
        var lines = new ArrayList<String>();
        try {
            JsonNode json = new JsonMapper().readTree(result);
            if (json.hasNonNull("note")) {
                return lines;
            }
            for (JsonNode passage : json.path("passages")) {
                String name =
                        passage.path("source").asString("")
                                + "/"
                                + passage.path("document").asString("");
                int above = passage.path("line").asInt(1) - 1;
                var document = new Document(name, passage.path("text").asString(""));
                for (Sentence sentence : Splitter.sentences(document)) {
                    if (sentence.isProse() && name.indexOf('\t') < 0) {
                        lines.add(name + ":" + (above + sentence.line()) + "\t" + sentence.text());
                    }
                }
            }
        } catch (JacksonException e) {
            return lines;
        }
        return lines;
    }
}
