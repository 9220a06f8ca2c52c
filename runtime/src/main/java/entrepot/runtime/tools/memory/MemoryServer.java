package entrepot.runtime.tools.memory;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Tool;
import entrepot.runtime.memory.Author;
import entrepot.runtime.memory.Expected;
import entrepot.runtime.memory.Memories;
import entrepot.runtime.memory.Memory;
import entrepot.runtime.memory.MemorySearch;
import entrepot.runtime.memory.MemoryStore;
import entrepot.runtime.memory.MemoryStores;
import entrepot.runtime.memory.Viewer;
import entrepot.runtime.memory.Written;
import entrepot.runtime.tools.Arguments;
import entrepot.runtime.tools.Arguments.Wrong;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServerUnavailable;
import entrepot.runtime.tools.ToolServers;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code list_memories}, {@code read_memory}, {@code search_memories}, {@code write_memory} and
 * {@code delete_memory} over the stores that an agent was given. Who it is for comes from the
 * session; a change is made once for one call, however often it is tried.
 */
final class MemoryServer implements ToolServer {

    private static final int HITS = 8;
    private static final int HITS_MAX = 50;
    private static final int LISTED_MAX = 500;
    private static final int WINDOW_CHARS = 32_000;
    private static final String ABSENT = "absent";
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String STORE =
            "\"store\": {\"type\": \"string\", \"description\": \"id of the memory store; may be"
                    + " left out where there is one\"}";
    private static final String PATH =
            "\"path\": {\"type\": \"string\", \"description\": \"such as /people/ada.md\"}";
    private static final String EXPECTED =
            "\"expected_sha256\": {\"type\": \"string\", \"description\": \"the sha256 that"
                    + " read_memory gave: nothing is done when it has changed since\"}";

    private final MemoryStores stores;
    private final Memories memories;
    private final ToolServers.Context context;
    private final Viewer viewer;
    private final List<Grant> grants;

    MemoryServer(
            MemoryStores stores,
            Memories memories,
            ToolServers.Context context,
            List<Grant> grants) {
        this.stores = stores;
        this.memories = memories;
        this.context = context;
        this.viewer = new Viewer(context.tenant(), context.team());
        this.grants = grants;
    }

    // ---- what it offers

    @Override
    public List<Offer> offers() throws ToolServerUnavailable {
        String about = about();
        var offers = new ArrayList<Offer>();
        offers.add(
                offer(
                        "list_memories",
                        "Lists what is remembered, by path, beyond this conversation." + about,
                        Effect.READ,
                        "\"prefix\": {\"type\": \"string\", \"description\": \"only paths that"
                                + " begin with it, such as /people/\"}",
                        ""));
        offers.add(
                offer(
                        "read_memory",
                        "Reads a memory, up to 32,000 characters at a time, with its sha256.",
                        Effect.READ,
                        PATH + ", \"offset\": {\"type\": \"integer\", \"minimum\": 0}",
                        "\"path\""));
        offers.add(
                offer(
                        "search_memories",
                        "Finds the memories that share most words with a question.",
                        Effect.READ,
                        "\"query\": {\"type\": \"string\"}, \"limit\": {\"type\": \"integer\","
                                + " \"minimum\": 1, \"maximum\": 50}",
                        "\"query\""));
        if (grants.stream().allMatch(Grant::readOnly)) {
            return List.copyOf(offers);
        }
        offers.add(
                offer(
                        "write_memory",
                        "Remembers a text at a path, in place of what is there. Write what will be"
                                + " of use in later conversations; never secrets.",
                        Effect.KEYED,
                        PATH
                                + ", \"content\": {\"type\": \"string\"}, "
                                + EXPECTED.replace(
                                        "nothing is done when it has changed since",
                                        "nothing is written when it has changed since; '"
                                                + ABSENT
                                                + "' when there must be none yet"),
                        "\"path\", \"content\""));
        offers.add(
                offer(
                        "delete_memory",
                        "Forgets the memory at a path.",
                        Effect.KEYED,
                        PATH + ", " + EXPECTED,
                        "\"path\""));
        return List.copyOf(offers);
    }

    private static Offer offer(
            String name, String description, Effect effect, String properties, String required) {
        String schema =
                "{\"type\": \"object\", \"properties\": {"
                        + properties
                        + ", "
                        + STORE
                        + "}, \"required\": ["
                        + required
                        + "], \"additionalProperties\": false}";
        return new Offer(
                new Tool.Function(name, description, JSON.readTree(schema), null, Extras.NONE),
                effect);
    }

    private String about() throws ToolServerUnavailable {
        var about = new StringBuilder(" Memory stores:");
        for (Grant grant : grants) {
            Optional<MemoryStore> found = stores.find(viewer, grant.storeId());
            if (found.isEmpty()) {
                throw new ToolServerUnavailable(
                        "There is no memory store " + grant.storeId() + " any more.");
            }
            MemoryStore store = found.get();
            about.append(' ').append(store.id()).append(" \"").append(store.name()).append('"');
            if (!store.description().isEmpty()) {
                about.append(" (").append(store.description()).append(')');
            }
            about.append(isReadOnly(grant, store) ? ", read only;" : ";");
        }
        about.setCharAt(about.length() - 1, '.');
        return about.toString();
    }

    private static boolean isReadOnly(Grant grant, MemoryStore store) {
        return grant.readOnly() || store.archivedMillis() != null;
    }

    // ---- uses

    @Override
    public Result use(Use use) throws InterruptedException {
        try {
            ObjectNode json =
                    switch (use.name()) {
                        case "list_memories" -> list(use);
                        case "read_memory" -> read(use);
                        case "search_memories" -> search(use);
                        case "write_memory" -> write(use);
                        case "delete_memory" -> delete(use);
                        default -> throw new Wrong("There is no tool " + use.name() + " here.");
                    };
            return Result.text(json.toString());
        } catch (Wrong wrong) {
            return Result.failure(String.valueOf(wrong.getMessage()));
        } catch (Failed failed) {
            return Result.failure(failed.failure().message());
        }
    }

    private Grant grant(Arguments arguments) throws Wrong {
        String wanted = arguments.textIf("store");
        if (wanted == null && grants.size() == 1) {
            return grants.getFirst();
        }
        for (Grant grant : grants) {
            if (grant.storeId().equals(wanted)) {
                return grant;
            }
        }
        String known = String.join(", ", grants.stream().map(Grant::storeId).toList());
        throw new Wrong(
                wanted == null
                        ? "The argument store is missing: one of " + known + "."
                        : "There is no memory store " + wanted + " here; there is " + known + ".");
    }

    private Memories.Change change(Use use, Grant grant) throws Wrong {
        if (grant.readOnly()) {
            throw new Wrong("Memory store " + grant.storeId() + " may only be read here.");
        }
        return new Memories.Change(
                viewer,
                grant.storeId(),
                Author.agent(context.principal(), use.sessionId(), use.turnId(), use.callId()),
                "call/" + use.key());
    }

    private ObjectNode list(Use use) throws Wrong {
        Arguments arguments = Arguments.read(use.arguments(), "prefix", "store");
        String prefix = arguments.textIf("prefix");
        List<Memory> found =
                memories.all(viewer, grant(arguments).storeId()).stream()
                        .filter(memory -> prefix == null || memory.path().startsWith(prefix))
                        .toList();
        ObjectNode json = JSON.createObjectNode();
        ArrayNode array = json.putArray("memories");
        found.stream()
                .limit(LISTED_MAX)
                .forEach(memory ->
                        array.addObject().put("path", memory.path()).put("bytes", memory.bytes()));
        if (found.size() > LISTED_MAX) {
            json.put(
                    "note",
                    "These are "
                            + LISTED_MAX
                            + " of "
                            + found.size()
                            + ": give a prefix, or search.");
        }
        return json;
    }

    private ObjectNode read(Use use) throws Wrong {
        Arguments arguments = Arguments.read(use.arguments(), "path", "offset", "store");
        Memory memory = at(grant(arguments), arguments.text("path"));
        String content = memory.content() == null ? "" : memory.content();
        int length = content.codePointCount(0, content.length());
        int from = arguments.number("offset", 0, 0, length);
        int to = Math.min(length, from + WINDOW_CHARS);
        int start = content.offsetByCodePoints(0, from);
        ObjectNode json =
                JSON.createObjectNode()
                        .put("path", memory.path())
                        .put("sha256", memory.sha256())
                        .put("characters", length);
        if (from > 0 || to < length) {
            json.put("from", from).put("to", to);
        }
        return json.put(
                "content", content.substring(start, content.offsetByCodePoints(start, to - from)));
    }

    private Memory at(Grant grant, String path) throws Wrong {
        Optional<Memory> memory = memories.at(viewer, grant.storeId(), path);
        if (memory.isEmpty()) {
            throw new Wrong("There is no memory " + path + ": list_memories shows what there is.");
        }
        return memory.get();
    }

    private ObjectNode search(Use use) throws Wrong {
        Arguments arguments = Arguments.read(use.arguments(), "query", "limit", "store");
        ObjectNode json = JSON.createObjectNode();
        ArrayNode array = json.putArray("memories");
        List<MemorySearch.Hit> hits =
                memories.search(
                        viewer,
                        grant(arguments).storeId(),
                        arguments.text("query"),
                        arguments.number("limit", HITS, 1, HITS_MAX));
        for (MemorySearch.Hit hit : hits) {
            array.addObject().put("path", hit.memory().path()).put("excerpt", hit.excerpt());
        }
        return json;
    }

    private ObjectNode write(Use use) throws Wrong {
        Arguments arguments =
                Arguments.read(use.arguments(), "path", "content", "expected_sha256", "store");
        Memories.Change change = change(use, grant(arguments));
        String expected = arguments.textIf("expected_sha256");
        Written written =
                memories.put(
                        change,
                        arguments.text("path"),
                        arguments.text("content"),
                        ABSENT.equals(expected) ? new Expected.Nothing() : digest(expected));
        return switch (written) {
            case Written.Done done ->
                    JSON.createObjectNode()
                            .put("path", done.memory().path())
                            .put("sha256", done.memory().sha256())
                            .put("bytes", done.memory().bytes());
            case Written.Stale stale -> throw stale(stale);
            case Written.Taken taken -> throw taken(taken);
        };
    }

    private ObjectNode delete(Use use) throws Wrong {
        Arguments arguments = Arguments.read(use.arguments(), "path", "expected_sha256", "store");
        Grant grant = grant(arguments);
        Memories.Change change = change(use, grant);
        String path = arguments.text("path");
        Expected expected = digest(arguments.textIf("expected_sha256"));
        Written written =
                memories.remove(change, path, expected)
                        .orElseThrow(() ->
                                new Wrong(
                                        "There is no memory "
                                                + path
                                                + ": list_memories shows what there is."));
        return switch (written) {
            case Written.Done done -> JSON.createObjectNode().put("deleted", path);
            case Written.Stale stale -> throw stale(stale);
            case Written.Taken taken -> throw taken(taken);
        };
    }

    private static Expected digest(@Nullable String expected) throws Wrong {
        try {
            return Expected.digest(expected);
        } catch (IllegalArgumentException e) {
            throw new Wrong("The argument expected_sha256: " + e.getMessage() + ".");
        }
    }

    private static Wrong stale(Written.Stale stale) {
        Memory current = stale.current();
        return new Wrong(
                current == null
                        ? "Nothing was changed: there is no such memory now."
                        : "Nothing was changed: "
                                + current.path()
                                + " has the sha256 "
                                + current.sha256()
                                + " now. Read it again and decide anew.");
    }

    private static Wrong taken(Written.Taken taken) {
        return new Wrong(
                "Nothing was changed: there is a memory "
                        + taken.by().path()
                        + ", and one path cannot be above another.");
    }
}
