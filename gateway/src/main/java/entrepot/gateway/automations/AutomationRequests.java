package entrepot.gateway.automations;

import entrepot.gateway.agents.AgentsApi;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.runtime.automations.Automations.Draft;
import entrepot.runtime.automations.Schedule;
import entrepot.runtime.automations.Target;

import tools.jackson.databind.JsonNode;

import java.util.Map;
import java.util.function.Supplier;

/** Reads automations, whole or as changes. */
final class AutomationRequests {

    private static final int PAIRS_MAX = 16;
    private static final int KEY_CHARS_MAX = 64;
    private static final int VALUE_CHARS_MAX = 512;

    private final AgentsApi agents;

    AutomationRequests(AgentsApi agents) {
        this.agents = agents;
    }

    Draft create(Call call) {
        Fields body = call.fields();
        body.required("type");
        String type = body.oneOf("type", "periodic", "once");
        Schedule schedule =
                "once".equals(type)
                        ? once(body)
                        : periodic(body.requiredText("expression"), body.requiredText("timezone"));
        Target target = target(call, body.requiredObject("target"));
        String name = body.requiredText("name");
        Map<String, String> metadata = metadata(body);
        body.end();
        return new Draft(name, metadata, schedule, target);
    }

    /** An automation after an update: what is left out stays. */
    Draft update(Call call, Fields body, Draft old) {
        Target target =
                body.has("target") ? target(call, body.requiredObject("target")) : old.target();
        Schedule schedule =
                switch (old.schedule()) {
                    case Schedule.Periodic before -> {
                        if (body.has("run_at")) {
                            throw Refusals.value("run_at", "a periodic automation has none.");
                        }
                        String expression = body.text("expression");
                        String timezone = body.text("timezone");
                        yield periodic(
                                expression == null ? before.expression() : expression,
                                timezone == null ? before.timezone() : timezone);
                    }
                    case Schedule.Once before -> {
                        if (body.has("expression") || body.has("timezone")) {
                            throw Refusals.value("expression", "a one-time automation has none.");
                        }
                        yield body.has("run_at") ? once(body) : before;
                    }
                };
        String name = body.text("name");
        Map<String, String> metadata = body.has("metadata") ? metadata(body) : old.metadata();
        body.end();
        return new Draft(name == null ? old.name() : name, metadata, schedule, target);
    }

    private static Schedule once(Fields body) {
        JsonNode runAt = body.required("run_at");
        if (!runAt.isIntegralNumber() || !runAt.canConvertToLong()) {
            throw Refusals.wrongType("run_at", "an integer", Fields.kind(runAt));
        }
        return checked("run_at", () -> new Schedule.Once(runAt.longValue()));
    }

    private static Schedule periodic(String expression, String timezone) {
        // Each on its own, so that the refusal names the one at fault.
        checked("timezone", () -> new Schedule.Periodic("* * * * *", timezone));
        return checked("expression", () -> new Schedule.Periodic(expression, timezone));
    }

    private static Schedule checked(String param, Supplier<Schedule> schedule) {
        try {
            return schedule.get();
        } catch (IllegalArgumentException e) {
            throw Refusals.value(param, e.getMessage() + ".");
        }
    }

    private Target target(Call call, Fields target) {
        String type = target.requiredText("type");
        return switch (type) {
            case "existing_session" -> {
                var there =
                        new Target.ExistingSession(
                                target.requiredText("session_id"),
                                target.requiredText("instructions"));
                target.end();
                agents.requireSession(call, target.at("session_id"), there.sessionId());
                yield there;
            }
            case "new_session" -> {
                AgentsApi.Planned planned = agents.plan(call, target);
                yield new Target.NewSession(
                        planned.agentId(),
                        planned.agentId() == null ? planned.configuration().agent() : null,
                        planned.configuration().settings(),
                        planned.configuration().metadata(),
                        planned.input());
            }
            default ->
                    throw Refusals.value(
                            target.at("type"), "it must be one of new_session, existing_session.");
        };
    }

    private static Map<String, String> metadata(Fields body) {
        Map<String, String> metadata = body.texts("metadata");
        boolean fits =
                metadata.size() <= PAIRS_MAX
                        && metadata.entrySet().stream()
                                .allMatch(pair ->
                                        !pair.getKey().isEmpty()
                                                && pair.getKey().length() <= KEY_CHARS_MAX
                                                && pair.getValue().length() <= VALUE_CHARS_MAX);
        if (!fits) {
            throw Refusals.value(
                    "metadata",
                    "it must have at most "
                            + PAIRS_MAX
                            + " pairs, keys of 1 to "
                            + KEY_CHARS_MAX
                            + " characters and values of at most "
                            + VALUE_CHARS_MAX
                            + ".");
        }
        return metadata;
    }
}
