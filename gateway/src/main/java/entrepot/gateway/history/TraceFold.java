package entrepot.gateway.history;

import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.json.Json;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.journal.Journal;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Adds facts up to traces of turns, named by the <a
 * href="https://opentelemetry.io/docs/specs/semconv/gen-ai/">conventions for generative AI</a>.
 * Nothing that was said is in them.
 */
final class TraceFold {

    private static final int CHARS_MAX = 256;
    private static final String TOOL = "tool/";

    private final String sessionId;
    private @Nullable AgentSnapshot agent;
    private @Nullable Turn turn;

    TraceFold(String sessionId) {
        this.sessionId = sessionId;
    }

    /** A call that has begun. */
    private record Begun(long atMillis, String name, boolean client, ObjectNode attributes) {}

    /** The open turn. */
    private static final class Turn {
        private final String id;
        private final long atMillis;
        private final List<Trace.Span> spans = new ArrayList<>();
        private final Map<String, Begun> begun = new LinkedHashMap<>();
        private final Map<String, String> names = new LinkedHashMap<>();

        Turn(String id, long atMillis) {
            this.id = id;
            this.atMillis = atMillis;
        }

        void end(String place, long atMillis, String error) {
            Begun call = begun.remove(place);
            if (call != null) {
                spans.add(
                        new Trace.Span(
                                place,
                                call.name(),
                                call.client(),
                                call.atMillis(),
                                atMillis,
                                call.attributes(),
                                error));
            }
        }
    }

    /** Takes the next fact. Returns the trace of the turn that it ends, if it ends one. */
    @Nullable Trace add(Journal.Recorded recorded) {
        Fact fact = recorded.fact();
        long at = recorded.atMillis();
        Turn open = turn;
        switch (fact) {
            case Fact.SessionCreated created -> agent = created.agent();
            case Fact.SessionChanged changed -> agent = changed.configuration().agent();
            case Fact.SessionForked forked -> agent = forked.configuration().agent();
            case Fact.TurnStarted started -> turn = new Turn(started.turnId(), at);
            case Fact.TurnCompleted end -> {
                return ended(at, end.usage(), "");
            }
            case Fact.TurnFailed end -> {
                return ended(at, end.usage(), end.code());
            }
            case Fact.TurnCancelled end -> {
                return ended(at, end.usage(), "cancelled");
            }
            case Fact.ModelCallStarted _,
                    Fact.ModelAnswered _,
                    Fact.ModelCallFailed _,
                    Fact.ToolStarted _,
                    Fact.ToolReturned _,
                    Fact.ToolOutcomeUnknown _,
                    Fact.ResultsAwaited _,
                    Fact.ResultAccepted _,
                    Fact.InputSteered _,
                    Fact.ApprovalAsked _,
                    Fact.ApprovalAnswered _,
                    Fact.CancelAsked _,
                    Fact.EnvironmentChanged _,
                    Fact.EnvironmentReset _,
                    Fact.InputIgnored _,
                    Fact.OfSubagent _,
                    Fact.Unknown _ -> {
                if (open != null) {
                    within(open, fact, at);
                }
            }
        }
        return null;
    }

    private void within(Turn open, Fact fact, long at) {
        if (fact instanceof Fact.ModelCallStarted call) {
            open.begun.put(place(call.step(), call.attempt()), call(call, at));
        } else if (fact instanceof Fact.ModelAnswered answer) {
            answered(open, answer, at);
        } else if (fact instanceof Fact.ModelCallFailed failed) {
            open.end(
                    place(failed.step(), failed.attempt()),
                    at,
                    failed.failure().cause().name().toLowerCase(Locale.ROOT));
        } else if (fact instanceof Fact.ToolStarted tool) {
            ObjectNode attributes = tool(tool.name(), tool.callId(), "extension");
            attributes.put("entrepot.tool.server", cut(tool.server()));
            open.begun.put(
                    TOOL + tool.callId(),
                    new Begun(at, "execute_tool " + cut(tool.name()), false, attributes));
        } else if (fact instanceof Fact.ToolReturned tool) {
            open.end(TOOL + tool.callId(), at, tool.failed() ? "tool_error" : "");
        } else if (fact instanceof Fact.ToolOutcomeUnknown tool) {
            open.end(TOOL + tool.callId(), at, "outcome_unknown");
        } else if (fact instanceof Fact.ResultsAwaited awaited) {
            for (String callId : awaited.callIds()) {
                String name = open.names.getOrDefault(callId, "function");
                open.begun.put(
                        TOOL + callId,
                        new Begun(
                                at,
                                "execute_tool " + cut(name),
                                false,
                                tool(name, callId, "function")));
            }
        } else if (fact instanceof Fact.ResultAccepted result) {
            open.end(TOOL + result.callId(), at, result.failed() ? "tool_error" : "");
        }
    }

    private Begun call(Fact.ModelCallStarted call, long at) {
        String model = agent == null ? "" : agent.model();
        ObjectNode attributes =
                Json.object()
                        .put("gen_ai.operation.name", "chat")
                        .put("gen_ai.provider.name", "entrepot")
                        .put("gen_ai.request.model", cut(model))
                        .put("gen_ai.request.stream", true)
                        .put("gen_ai.conversation.id", sessionId)
                        .put("entrepot.step", call.step())
                        .put("entrepot.attempt", call.attempt())
                        .put("entrepot.order.id", cut(call.orderId()));
        return new Begun(at, "chat " + cut(model), true, attributes);
    }

    private static void answered(Turn open, Fact.ModelAnswered answer, long at) {
        String place = place(answer.step(), answer.attempt());
        Begun call = open.begun.get(place);
        if (call != null) {
            usage(call.attributes(), answer.usage());
            call.attributes()
                    .put("entrepot.receipt.id", cut(answer.receiptId()))
                    .putArray("gen_ai.response.finish_reasons")
                    .add(reason(answer.stopReason()));
        }
        for (Fact.AnswerItem item : answer.items()) {
            if (item.part() instanceof Part.ToolCall asked) {
                open.names.put(asked.callId(), asked.name());
            }
        }
        open.end(place, at, "");
    }

    private @Nullable Trace ended(long at, Usage usage, String error) {
        Turn open = turn;
        if (open == null) {
            return null;
        }
        turn = null;
        List.copyOf(open.begun.keySet()).forEach(place -> open.end(place, at, "turn_ended"));
        AgentSnapshot known = agent;
        String name = known == null ? null : known.name();
        ObjectNode attributes =
                Json.object()
                        .put("gen_ai.operation.name", "invoke_agent")
                        .put("gen_ai.provider.name", "entrepot")
                        .put("gen_ai.conversation.id", sessionId);
        if (known != null) {
            attributes.put("gen_ai.agent.id", cut(known.id()));
            attributes.put("gen_ai.request.model", cut(known.model()));
        }
        if (name != null) {
            attributes.put("gen_ai.agent.name", cut(name));
        }
        usage(attributes, usage);
        List<Trace.Span> spans = new ArrayList<>();
        spans.add(
                new Trace.Span(
                        "",
                        name == null ? "invoke_agent" : "invoke_agent " + cut(name),
                        false,
                        open.atMillis,
                        at,
                        attributes,
                        error));
        spans.addAll(open.spans);
        return new Trace(sessionId, open.id, open.atMillis / 1000, spans);
    }

    private static ObjectNode tool(String name, String callId, String type) {
        return Json.object()
                .put("gen_ai.operation.name", "execute_tool")
                .put("gen_ai.tool.name", cut(name))
                .put("gen_ai.tool.call.id", cut(callId))
                .put("gen_ai.tool.type", type);
    }

    private static void usage(ObjectNode attributes, Usage usage) {
        put(attributes, "gen_ai.usage.input_tokens", usage.inputTokens());
        put(attributes, "gen_ai.usage.cache_read.input_tokens", usage.of(Usage.Meter.CACHE_READ));
        put(attributes, "gen_ai.usage.output_tokens", usage.outputTokens());
        put(attributes, "gen_ai.usage.reasoning.output_tokens", usage.of(Usage.Meter.REASONING));
    }

    private static void put(ObjectNode attributes, String name, long count) {
        if (count > 0) {
            attributes.put(name, count);
        }
    }

    /** The word of a reason, as the conventions' example has it. */
    private static String reason(StopReason reason) {
        return switch (reason) {
            case StopReason.Known known ->
                    switch (known.kind()) {
                        case END, STOP_SEQUENCE -> "stop";
                        case TOOL_CALLS -> "tool_call";
                        case LENGTH -> "length";
                        case FILTER, REFUSAL -> "content_filter";
                    };
            case StopReason.Unknown unknown -> cut(unknown.word());
        };
    }

    private static String place(int step, int attempt) {
        return "model/" + step + "/" + attempt;
    }

    private static String cut(String text) {
        return text.length() <= CHARS_MAX ? text : text.substring(0, CHARS_MAX);
    }
}
