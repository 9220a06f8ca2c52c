package entrepot.gateway.knowledge;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.OpenAiShape;
import entrepot.gateway.door.Query;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.identity.Caller;
import entrepot.identity.Caller.Scope;
import entrepot.identity.Groups;
import entrepot.knowledge.Knowledge;
import entrepot.knowledge.index.Hit;
import entrepot.knowledge.index.KnowledgeSearch;
import entrepot.knowledge.index.Question;
import entrepot.knowledge.index.Reader;
import entrepot.knowledge.index.StoredDocument;
import entrepot.knowledge.sync.SyncProgress;
import entrepot.protocols.json.Json;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * Company data: its sources for those who administer them, and search for everybody.
 *
 * <pre>
 *   GET    /admin/v1/sources                 source*
 *   GET    /admin/v1/sources/{id}            a source
 *   POST   /admin/v1/sources/{id}/sync       202: it is read soon
 *   GET    /admin/v1/sources/{id}/documents  document*, by id: ?after=, ?limit= (1–100); all of
 *                                            them, whoever may read them
 *   DELETE /admin/v1/sources/{id}            forgets one that is not set up any more
 *   POST   /v1/knowledge/search              {query, sources[]?, labels[]?, limit?}: passages that
 *                                            the caller may read
 * </pre>
 */
public final class SourcesApi {

    private static final int PAGE_MAX = 100;
    private static final int HITS = 10;

    private final @Nullable Knowledge knowledge;
    private final Groups groups;
    private final BiPredicate<String, String> forget;

    /**
     * @param knowledge null when no source is set up
     * @param forget takes all that was read from a tenant's source away, if there is anything
     */
    public SourcesApi(
            @Nullable Knowledge knowledge, Groups groups, BiPredicate<String, String> forget) {
        this.knowledge = knowledge;
        this.groups = groups;
        this.forget = forget;
    }

    public List<Route> routes() {
        String one = "/sources/{source_id}";
        return List.of(
                Answers.route("GET", "/sources", this::list, SourceShapes.LIST_SOURCES),
                Answers.route("GET", one, this::show, SourceShapes.SHOW_SOURCE),
                Answers.route("POST", one + "/sync", this::sync, SourceShapes.SYNC_SOURCE),
                Answers.route(
                        "GET", one + "/documents", this::documents, SourceShapes.LIST_DOCUMENTS),
                Answers.route("DELETE", one, this::forget, SourceShapes.FORGET_SOURCE),
                new Route(
                                "POST",
                                "/v1/knowledge/search",
                                Scope.AGENTS,
                                new OpenAiShape(),
                                this::search)
                        .about(SourceShapes.SEARCH));
    }

    private void list(Call call) {
        List<Knowledge.Standing> all =
                knowledge == null ? List.of() : knowledge.sources(call.caller().tenant());
        call.respond(200, Answers.list(all, SourcesApi::json));
    }

    private void show(Call call) {
        call.respond(200, json(found(call)));
    }

    private void sync(Call call) {
        Knowledge.Standing source = found(call);
        if (knowledge != null) {
            knowledge.sync(source.settings().tenant(), source.settings().id());
        }
        call.respond(202, json(found(call)));
    }

    private void documents(Call call) {
        Knowledge.Standing source = found(call);
        Query query = call.query();
        Page<StoredDocument> page =
                knowledge == null
                        ? new Page<>(List.of(), false)
                        : knowledge.documents(
                                source.settings().tenant(),
                                source.settings().id(),
                                query.get("after"),
                                pageSize(query));
        call.respond(
                200, Answers.list(page.data(), SourcesApi::json).put("has_more", page.hasMore()));
    }

    private void forget(Call call) {
        String id = call.parameter("source_id");
        String tenant = call.caller().tenant();
        if (knowledge != null && knowledge.sourceIds(tenant).contains(id)) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.CONFLICT,
                            "The source '" + id + "' is set up. Take it out of the settings first.",
                            "source_id"));
        }
        if (!forget.test(tenant, id)) {
            throw unknown(id);
        }
        call.respond(200, Json.object().put("id", id).put("forgotten", true));
    }

    private void search(Call call) throws InterruptedException {
        Caller caller = call.caller();
        Fields body = call.fields();
        String query = body.requiredText("query");
        Set<String> sources = words(body, "sources");
        Set<String> labels = words(body, "labels");
        int limit = limit(body.get("limit"));
        body.end();
        if (knowledge == null) {
            throw new Failed(
                    Failure.of(
                            Failure.Cause.NOT_FOUND,
                            "No source of company data is set up: see docs/knowledge.md."));
        }
        Set<String> known = knowledge.sourceIds(caller.tenant());
        for (String id : sources) {
            if (!known.contains(id)) {
                throw Refusals.value("sources", "there is no source '" + id + "'.");
            }
        }
        Reader reader =
                Reader.of(
                        caller.tenant(),
                        caller.team(),
                        caller.principal(),
                        groups.of(caller.tenant(), caller.principal()));
        try {
            var question = new Question(query, sources.isEmpty() ? known : sources, labels, limit);
            KnowledgeSearch.Found found = knowledge.search().search(reader, question);
            call.respond(
                    200, Answers.list(found.hits(), SourcesApi::json).put("weak", found.weak()));
        } catch (IllegalArgumentException e) {
            throw Refusals.value("query", e.getMessage() + ".");
        }
    }

    private static int limit(@Nullable JsonNode value) {
        if (value == null) {
            return HITS;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.asInt() < 1
                || value.asInt() > Question.COUNT_MAX) {
            throw Refusals.value("limit", "it must be from 1 to " + Question.COUNT_MAX + ".");
        }
        return value.asInt();
    }

    private static Set<String> words(Fields body, String name) {
        var words = new TreeSet<String>();
        List<JsonNode> values = body.list(name);
        if (values != null) {
            values.forEach(value -> words.add(Fields.text(body.at(name), value)));
        }
        return words;
    }

    private Knowledge.Standing found(Call call) {
        String id = call.parameter("source_id");
        if (knowledge == null) {
            throw unknown(id);
        }
        return knowledge.source(call.caller().tenant(), id).orElseThrow(() -> unknown(id));
    }

    private static Failed unknown(String id) {
        return new Failed(
                Failure.at(
                        Failure.Cause.NOT_FOUND,
                        "There is no source '" + id + "'. GET /admin/v1/sources lists them.",
                        "source_id"));
    }

    private static int pageSize(Query query) {
        String limit = query.get("limit");
        if (limit == null) {
            return PAGE_MAX;
        }
        if (!limit.matches("[1-9]\\d?|100")) {
            throw Refusals.value("limit", "it must be a whole number, 1 to " + PAGE_MAX + ".");
        }
        return Integer.parseInt(limit);
    }

    private static ObjectNode json(Knowledge.Standing source) {
        var settings = source.settings();
        ObjectNode json =
                Json.object()
                        .put("id", settings.id())
                        .put("kind", settings.place().kind())
                        .put("label", settings.label())
                        .put("access", settings.access().shown())
                        .put("every_seconds", settings.every().toSeconds())
                        .put("documents", source.totals().documents())
                        .put("passages", source.totals().passages())
                        .put("errors", source.totals().errors())
                        .put("synced_at", Answers.seconds(source.syncedAt()))
                        .put("node", source.owner())
                        .put("passes", source.passes());
        json.set("progress", json(source.progress()));
        return json;
    }

    private static ObjectNode json(SyncProgress progress) {
        ObjectNode json =
                Json.object()
                        .put("state", progress.state().name().toLowerCase(Locale.ROOT))
                        .put("started_at", seconds(progress.startedMillis()))
                        .put("ended_at", seconds(progress.endedMillis()))
                        .put("found", progress.found())
                        .put("to_read", progress.toRead())
                        .put("read", progress.read())
                        .put("unchanged", progress.unchanged())
                        .put("skipped", progress.skipped())
                        .put("removed", progress.removed())
                        .put("failed", progress.failed())
                        .put("current", progress.current())
                        .put("error", progress.error());
        ArrayNode warnings = json.putArray("warnings");
        progress.warnings().forEach(warnings::add);
        return json;
    }

    private static @Nullable Long seconds(long millis) {
        return millis == 0 ? null : (Long) (millis / 1000);
    }

    private static ObjectNode json(StoredDocument document) {
        return Json.object()
                .put("id", document.id())
                .put("revision", document.revision())
                .put("title", document.title())
                .put("uri", document.uri())
                .put("content_type", document.contentType())
                .put("label", document.label())
                .put("access", document.access().shown())
                .put("bytes", document.bytes())
                .put("passages", document.passages())
                .put("error", document.error())
                .put("read_at", Answers.seconds(document.readAt()));
    }

    private static ObjectNode json(Hit hit) {
        var document = hit.document();
        var passage = hit.passage();
        return Json.object()
                .put("source", document.source().id())
                .put("document", document.id())
                .put("revision", document.revision())
                .put("from", passage.from())
                .put("to", passage.to())
                .put("line", passage.line())
                .put("page", passage.page())
                .put("title", document.title())
                .put("heading", passage.heading())
                .put("uri", document.uri())
                .put("label", document.label())
                .put("score", Math.round(hit.score() * 1000) / 1000.0)
                .put("text", passage.text());
    }
}
