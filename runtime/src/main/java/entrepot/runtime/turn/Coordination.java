package entrepot.runtime.turn;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.subagents.SubagentLimits;
import entrepot.runtime.subagents.SubagentTool;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What comes of a coordinator's use of its tools, in facts. Pure: what a fact says is done to a
 * subagent, {@link Posting} makes of the fact, and the journal does it with the fact or not at all.
 */
public final class Coordination {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final UnaryOperator<String> names;
    private final Predicate<String> sold;

    /**
     * @param names gives new ids that begin with a prefix
     * @param sold whether there is a model of that name for the session's principal
     */
    public Coordination(UnaryOperator<String> names, Predicate<String> sold) {
        this.names = names;
        this.sold = sold;
    }

    /** Words that the coordinator's model is told instead of a result. */
    private static final class Unfit extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String why;

        Unfit(String why) {
            super(why, null, false, false);
            this.why = why;
        }
    }

    /** The facts that follow the intent to use a tool; the last is its result, if it has one. */
    public List<Fact> use(TurnState.Open open, Call call, SubagentTool tool, long nowMillis) {
        try {
            JsonNode arguments = arguments(call);
            return switch (tool) {
                case CREATE_SUBAGENT -> create(open, call, arguments);
                case SEND_SUBAGENT_INPUT -> send(open, call, arguments);
                case WAIT_FOR_SUBAGENTS -> await(open, call, arguments, nowMillis);
                case INTERRUPT_SUBAGENT -> interrupt(open, call, arguments);
                case RESUME_SUBAGENT -> resume(open, call, arguments);
                case CLOSE_SUBAGENT -> close(open, call, arguments);
            };
        } catch (Unfit unfit) {
            return List.of(returned(open.turn().id(), call, unfit.why, true));
        }
    }

    /** The result of a wait that is over. */
    static Fact waited(TurnState.Open open, Call call, Call.Wait wait) {
        ObjectNode result = JSON.createObjectNode();
        ArrayNode all = result.putArray("subagents");
        for (String id : wait.subagentIds()) {
            open.session().family().find(id).ifPresent(member -> describe(all.addObject(), member));
        }
        return returned(open.turn().id(), call, result.toString(), false);
    }

    private static void describe(ObjectNode json, Family.Member member) {
        json.put("subagent_id", member.id());
        if (member.name() != null) {
            json.put("name", member.name());
        }
        Fact.Report last = member.last();
        if (member.isWorking()) {
            json.put("status", "working");
        } else if (last == null) {
            json.put("status", member.open() ? "idle" : "closed");
        } else {
            json.put("status", word(last.ending())).put("output", text(last.output()));
            if (last.error() != null) {
                json.put("error", last.error());
            }
        }
    }

    private List<Fact> create(TurnState.Open open, Call call, JsonNode arguments) {
        TurnState.Session session = open.session();
        long openMax = SubagentLimits.openMax(session.agent());
        int openNow = session.family().open().size();
        if (openNow >= openMax) {
            throw new Unfit(
                    "There are "
                            + openNow
                            + " open subagents, and there may be "
                            + openMax
                            + ": close one first.");
        }
        if (session.family().members().size() >= SubagentLimits.MADE_MAX) {
            throw new Unfit(
                    "This session has made "
                            + SubagentLimits.MADE_MAX
                            + " subagents, the most it may: resume one of them.");
        }
        String name = textIf(arguments, "name");
        if (name != null && name.length() > SubagentLimits.NAME_CHARS_MAX) {
            throw new Unfit("name may have " + SubagentLimits.NAME_CHARS_MAX + " characters.");
        }
        String model = textIf(arguments, "model");
        if (model != null && !model.equals(session.agent().model()) && !sold.test(model)) {
            throw new Unfit("There is no model " + model + ": leave it out for your own.");
        }
        String id = names.apply("sub_");
        Fact made =
                new Fact.SubagentCreated(
                        open.turn().id(),
                        call.callId(),
                        id,
                        name,
                        model,
                        textIf(arguments, "reasoning_effort"),
                        input(arguments, "input"));
        return List.of(made, done(open, call, id, "working"));
    }

    private List<Fact> send(TurnState.Open open, Call call, JsonNode arguments) {
        Family.Member member = member(open, arguments);
        if (!member.open()) {
            throw new Unfit("Subagent " + member.id() + " is closed: resume it first.");
        }
        return List.of(
                new Fact.SubagentInputSent(
                        open.turn().id(), call.callId(), member.id(), input(arguments, "input")),
                done(open, call, member.id(), "working"));
    }

    private static List<Fact> await(
            TurnState.Open open, Call call, JsonNode arguments, long nowMillis) {
        List<String> ids = new ArrayList<>();
        for (JsonNode id : arguments.path("subagent_ids")) {
            ids.add(member(open, id.asString("")).id());
        }
        if (ids.isEmpty()) {
            throw new Unfit("subagent_ids must name at least one subagent.");
        }
        JsonNode seconds = arguments.path("timeout_seconds");
        Long until = null;
        if (!seconds.isMissingNode() && !seconds.isNull()) {
            long given = seconds.asLong(0);
            if (given < 1 || given > SubagentLimits.WAIT_SECONDS_MAX) {
                throw new Unfit(
                        "timeout_seconds must be 1 to " + SubagentLimits.WAIT_SECONDS_MAX + ".");
            }
            until = nowMillis + given * 1000;
        }
        return List.of(
                new Fact.SubagentsAwaited(
                        open.turn().id(),
                        call.callId(),
                        ids.stream().distinct().toList(),
                        arguments.path("wait_for").asString("all").equals("any"),
                        until));
    }

    private static List<Fact> interrupt(TurnState.Open open, Call call, JsonNode arguments) {
        Family.Member member = member(open, arguments);
        return List.of(
                new Fact.SubagentInterrupted(open.turn().id(), call.callId(), member.id()),
                done(open, call, member.id(), "interrupted"));
    }

    private List<Fact> resume(TurnState.Open open, Call call, JsonNode arguments) {
        Family.Member member = member(open, arguments);
        List<Fact> facts = new ArrayList<>();
        if (!member.open()) {
            int openNow = open.session().family().open().size();
            if (openNow >= SubagentLimits.openMax(open.session().agent())) {
                throw new Unfit("There are " + openNow + " open subagents: close one first.");
            }
            facts.add(new Fact.SubagentResumed(open.turn().id(), call.callId(), member.id()));
        }
        boolean told = textIf(arguments, "input") != null;
        if (told) {
            facts.add(
                    new Fact.SubagentInputSent(
                            open.turn().id(),
                            call.callId(),
                            member.id(),
                            input(arguments, "input")));
        }
        facts.add(done(open, call, member.id(), told ? "working" : "open"));
        return facts;
    }

    private static List<Fact> close(TurnState.Open open, Call call, JsonNode arguments) {
        Family.Member member = member(open, arguments);
        Fact result = done(open, call, member.id(), "closed");
        return member.open()
                ? List.of(
                        new Fact.SubagentClosed(open.turn().id(), call.callId(), member.id()),
                        result)
                : List.of(result);
    }

    private static JsonNode arguments(Call call) {
        try {
            JsonNode arguments = JSON.readTree(call.arguments());
            if (arguments.isObject()) {
                return arguments;
            }
        } catch (JacksonException notJson) {
            // Said below.
        }
        throw new Unfit("The arguments must be a JSON object.");
    }

    private static Family.Member member(TurnState.Open open, JsonNode arguments) {
        return member(open, arguments.path("subagent_id").asString(""));
    }

    private static Family.Member member(TurnState.Open open, String id) {
        return open.session()
                .family()
                .find(id)
                .orElseThrow(() -> new Unfit("There is no subagent '" + id + "' of yours."));
    }

    private Fact.UserItem input(JsonNode arguments, String field) {
        String text = textIf(arguments, field);
        if (text == null) {
            throw new Unfit(field + " must say what is to be done.");
        }
        if (text.length() > SubagentLimits.MESSAGE_CHARS_MAX) {
            throw new Unfit(
                    field + " may have " + SubagentLimits.MESSAGE_CHARS_MAX + " characters.");
        }
        return new Fact.UserItem(names.apply("msg_"), List.of(new Part.Text(text, Extras.NONE)));
    }

    private static @Nullable String textIf(JsonNode arguments, String field) {
        String text = arguments.path(field).asString("");
        return text.isBlank() ? null : text;
    }

    private static Fact done(TurnState.Open open, Call call, String id, String status) {
        String result =
                JSON.createObjectNode().put("subagent_id", id).put("status", status).toString();
        return returned(open.turn().id(), call, result, false);
    }

    private static Fact returned(String turnId, Call call, String text, boolean failed) {
        return new Fact.ToolReturned(
                turnId, call.callId(), List.of(new Part.Text(text, Extras.NONE)), failed, 0);
    }

    /** How an ending is told. */
    public static String word(Fact.Ending ending) {
        return ending.name().toLowerCase(Locale.ROOT);
    }

    /** The words of an answer. */
    static String text(List<Part> parts) {
        var text = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Text words) {
                text.append(words.text());
            }
        }
        return text.toString();
    }
}
