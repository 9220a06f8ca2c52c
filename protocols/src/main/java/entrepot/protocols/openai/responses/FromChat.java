package entrepot.protocols.openai.responses;

import entrepot.conversation.Extras;
import entrepot.protocols.json.Residue;
import entrepot.protocols.openai.responses.items.ToolWriter;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.Set;

/**
 * Members of a Chat request, of no other dialect, that Responses has too. Not so the other way
 * round: servers that are compatible with Chat refuse what they do not know.
 */
final class FromChat {

    private static final String CHAT = "openai.chat";
    private static final String VERBOSITY = "verbosity";
    private static final Set<String> SAME =
            Set.of("prompt_cache_key", "safety_identifier", "service_tier", "user");

    private FromChat() {}

    /** The extras that still are a loss. */
    static Extras rest(Extras extras) {
        if (!extras.dialect().equals(CHAT)) {
            return extras;
        }
        var rest = new LinkedHashMap<>(extras.members());
        rest.keySet().removeAll(SAME);
        rest.remove(VERBOSITY);
        return new Extras(CHAT, rest);
    }

    /** Of a tool: a grammar has the same meaning here. */
    static Extras tool(Extras extras) {
        if (!extras.dialect().equals(CHAT) || !(ToolWriter.format(extras) instanceof ObjectNode)) {
            return extras;
        }
        var rest = new LinkedHashMap<>(extras.members());
        rest.remove("custom");
        return new Extras(CHAT, rest);
    }

    static void write(Extras extras, ObjectNode body) {
        for (String name : SAME) {
            JsonNode value = Residue.of(extras, CHAT, name);
            if (value != null && !value.isNull()) {
                body.set(name, value);
            }
        }
        JsonNode verbosity = Residue.of(extras, CHAT, VERBOSITY);
        if (verbosity != null && !verbosity.isNull()) {
            body.withObject("text").set(VERBOSITY, verbosity);
        }
    }
}
