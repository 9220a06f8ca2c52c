package entrepot.knowledge.extract;

import entrepot.conversation.Request;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;

import org.jspecify.annotations.Nullable;

/**
 * The tools that a request offers and this model knows, by the names they have there. A name may
 * have a prefix, as {@code workspace__read_file}.
 *
 * @param several whether more than one may be called at a time
 */
record Offered(
        @Nullable String listFiles,
        @Nullable String readFile,
        @Nullable String search,
        boolean several) {

    static final String LIST_FILES = "list_files";
    static final String READ_FILE = "read_file";
    static final String SEARCH = "search";
    static final String SEARCH_KNOWLEDGE = "search_knowledge";

    static Offered of(Request request) {
        if (request.toolChoice() instanceof ToolChoice.None) {
            return new Offered(null, null, null, false);
        }
        Boolean parallel = request.sampling().parallelToolCalls();
        return new Offered(
                named(request, LIST_FILES),
                named(request, READ_FILE),
                search(request),
                parallel == null || parallel);
    }

    private static @Nullable String named(Request request, String name) {
        String found = null;
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Function function && is(function.name(), name)) {
                found = found == null || function.name().equals(name) ? function.name() : found;
            }
        }
        return found;
    }

    private static @Nullable String search(Request request) {
        String files = named(request, SEARCH);
        return files != null ? files : named(request, SEARCH_KNOWLEDGE);
    }

    /** Whether a tool searches, be it files or company data. */
    static boolean isSearch(String name) {
        return is(name, SEARCH) || is(name, SEARCH_KNOWLEDGE);
    }

    /** Whether a tool's name is this one, prefixes apart. */
    static boolean is(String name, String plain) {
        return name.equals(plain) || name.matches(".*[._:/-]" + plain);
    }
}
