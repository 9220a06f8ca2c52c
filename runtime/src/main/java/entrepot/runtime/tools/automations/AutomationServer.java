package entrepot.runtime.tools.automations;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Tool;
import entrepot.identity.Caller;
import entrepot.runtime.automations.Automation;
import entrepot.runtime.automations.Automations;
import entrepot.runtime.automations.Schedule;
import entrepot.runtime.automations.Target;
import entrepot.runtime.tools.Arguments;
import entrepot.runtime.tools.Arguments.Wrong;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@code create_automation}, {@code list_automations} and {@code delete_automation}. */
final class AutomationServer implements ToolServer {

    /** Of one session. */
    private static final int AUTOMATIONS_MAX = 20;

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String CREATE =
            """
            {"type": "object", "properties": {
              "name": {"type": "string"},
              "instructions": {"type": "string",
                "description": "what you will be told when the time has come"},
              "expression": {"type": "string", "description":
                "for again and again: a cron expression of five fields, such as 0 9 * * MON-FRI"},
              "timezone": {"type": "string",
                "description": "of the expression, such as Europe/Berlin; UTC if left out"},
              "run_at": {"type": "string",
                "description": "for one time: RFC 3339, such as 2026-11-21T09:00:00Z"}},
             "required": ["name", "instructions"], "additionalProperties": false}
            """;
    private static final String DELETE =
            """
            {"type": "object", "properties": {"id": {"type": "string"}},
             "required": ["id"], "additionalProperties": false}
            """;
    private static final List<Offer> OFFERS =
            List.of(
                    offer(
                            "create_automation",
                            "Has this conversation woken up later, once or again and again. Give"
                                    + " one of expression and run_at.",
                            CREATE,
                            Effect.KEYED),
                    offer(
                            "list_automations",
                            "Lists what wakes this conversation up, and says what time it is.",
                            "{\"type\": \"object\", \"properties\": {},"
                                    + " \"additionalProperties\": false}",
                            Effect.READ),
                    offer("delete_automation", "Ends one of them.", DELETE, Effect.KEYED));

    private final Automations automations;
    private final InstantSource clock;
    private final ToolServers.Context context;

    AutomationServer(Automations automations, InstantSource clock, ToolServers.Context context) {
        this.automations = automations;
        this.clock = clock;
        this.context = context;
    }

    private static Offer offer(String name, String description, String schema, Effect effect) {
        return new Offer(
                new Tool.Function(name, description, JSON.readTree(schema), null, Extras.NONE),
                effect);
    }

    @Override
    public List<Offer> offers() {
        return OFFERS;
    }

    @Override
    public Result use(Use use) throws InterruptedException {
        try {
            ObjectNode json =
                    switch (use.name()) {
                        case "create_automation" -> create(use);
                        case "list_automations" -> list(use);
                        case "delete_automation" -> delete(use);
                        default -> throw new Wrong("There is no tool " + use.name() + " here.");
                    };
            return Result.text(json.put("now", clock.instant().toString()).toString());
        } catch (Wrong wrong) {
            return Result.failure(String.valueOf(wrong.getMessage()));
        } catch (Failed failed) {
            return Result.failure(failed.failure().message());
        }
    }

    /** Who the session is for; what it makes is seen by the same team. */
    private Caller caller() {
        return new Caller(
                context.tenant(),
                context.team(),
                context.principal(),
                "",
                Set.of(Caller.Scope.AGENTS));
    }

    private List<Automation> own(Use use) {
        return automations.list(caller(), use.sessionId(), new Page.Query(null, 100, true)).data();
    }

    private ObjectNode create(Use use) throws Wrong {
        Arguments arguments =
                Arguments.read(
                        use.arguments(),
                        "name",
                        "instructions",
                        "expression",
                        "timezone",
                        "run_at");
        Schedule schedule = schedule(arguments);
        var draft =
                new Automations.Draft(
                        arguments.text("name"),
                        Map.of(),
                        schedule,
                        new Target.ExistingSession(
                                use.sessionId(), arguments.text("instructions")));
        List<Automation> before = own(use);
        var creator = new Automation.Creator(use.sessionId(), use.callId());
        boolean made = before.stream().anyMatch(each -> creator.equals(each.creator()));
        if (!made && before.size() >= AUTOMATIONS_MAX) {
            throw new Wrong(
                    "This conversation has " + AUTOMATIONS_MAX + " automations: delete one first.");
        }
        return json(automations.create(caller(), draft, creator, "call/" + use.key()));
    }

    private static Schedule schedule(Arguments arguments) throws Wrong {
        String expression = arguments.textIf("expression");
        String timezone = arguments.textIf("timezone");
        String runAt = arguments.textIf("run_at");
        if ((expression == null) == (runAt == null)) {
            throw new Wrong("Give one of expression and run_at.");
        }
        try {
            if (expression != null) {
                return new Schedule.Periodic(expression, timezone == null ? "UTC" : timezone);
            }
            return new Schedule.Once(OffsetDateTime.parse(String.valueOf(runAt)).toEpochSecond());
        } catch (DateTimeException e) {
            throw new Wrong("run_at must be RFC 3339, such as 2026-11-21T09:00:00Z.");
        } catch (IllegalArgumentException e) {
            throw new Wrong("This schedule cannot be used: " + e.getMessage());
        }
    }

    private ObjectNode list(Use use) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode array = json.putArray("automations");
        own(use).forEach(each -> array.add(json(each)));
        return json;
    }

    private ObjectNode delete(Use use) throws Wrong {
        String id = Arguments.read(use.arguments(), "id").text("id");
        Automation found =
                own(use).stream().filter(each -> each.id().equals(id)).findFirst().orElse(null);
        if (found != null) {
            automations.delete(caller(), id);
        }
        // Not there may also be: deleted by this very call before the process died.
        return JSON.createObjectNode().put("deleted", id).put("found", found != null);
    }

    private static ObjectNode json(Automation automation) {
        ObjectNode json =
                JSON.createObjectNode()
                        .put("id", automation.id())
                        .put("name", automation.name())
                        .put("status", automation.status().name().toLowerCase(Locale.ROOT));
        switch (automation.schedule()) {
            case Schedule.Periodic periodic ->
                    json.put("expression", periodic.expression())
                            .put("timezone", periodic.timezone());
            case Schedule.Once once ->
                    json.put("run_at", Instant.ofEpochSecond(once.runAtSeconds()).toString());
        }
        return json.put("next", time(automation.nextMillis()));
    }

    private static @Nullable String time(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis).toString();
    }
}
