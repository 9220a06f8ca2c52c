package entrepot.protocols.openai.chat;

import entrepot.conversation.Answer;
import entrepot.conversation.Event;
import entrepot.conversation.Extras;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.conversation.StopReason;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.Told;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;

/** Canonical records made from a seed: anything that the records allow, losses included. */
final class Made {

    private final Seeds seeds;

    Made(Seeds seeds) {
        this.seeds = seeds;
    }

    Request request() {
        return new Request(
                seeds.word(),
                list(4, this::message),
                list(2, this::tool),
                choice(),
                sampling(),
                format(),
                seeds.oneIn(2),
                Extras.NONE);
    }

    Answer answer() {
        return new Answer(
                seeds.word(),
                seeds.word(),
                list(4, this::spoken),
                seeds.pick(
                        List.of(
                                StopReason.END,
                                StopReason.LENGTH,
                                StopReason.TOOL_CALLS,
                                StopReason.FILTER,
                                StopReason.REFUSAL,
                                new StopReason.Unknown(ChatRequests.DIALECT, seeds.word() + "_x"))),
                usage(),
                Extras.NONE);
    }

    /** A stream for an answer: its parts in pieces, calls interleaved. */
    List<Event> events(Answer answer) {
        return Told.events(answer, seeds);
    }

    private Message message() {
        Role role = seeds.pick(List.of(Role.values()));
        return new Message(
                role,
                role == Role.TOOL
                        ? list(2, this::result)
                        : list(4, role == Role.ASSISTANT ? this::spoken : this::shown),
                seeds.oneIn(4) ? seeds.word() : null,
                Extras.NONE);
    }

    private Part shown() {
        Extras extras = seeds.oneIn(8) ? new Extras("other", foreign()) : Extras.NONE;
        return switch (seeds.upTo(5)) {
            case 0 ->
                    new Part.Image(
                            "https://example.org/" + seeds.word(), null, null, word(), extras);
            case 1 -> new Part.Image(null, "aGk=", "image/" + seeds.word(), word(), extras);
            case 2 -> new Part.Audio("aGk=", "wav", extras);
            case 3 -> new Part.File(word(), null, "aGk=", "a/b", word(), extras);
            case 4 -> new Part.Unknown(ChatRequests.DIALECT, unknown());
            default -> new Part.Text(text(), extras);
        };
    }

    /** A member that says something: what says nothing is no loss. */
    private java.util.Map<String, tools.jackson.databind.JsonNode> foreign() {
        return java.util.Map.of(
                seeds.word(), entrepot.protocols.json.Json.object().set("x", seeds.json(2)));
    }

    private tools.jackson.databind.JsonNode unknown() {
        return entrepot.protocols.json.Json.object()
                .put("type", "x_" + seeds.word())
                .set("body", seeds.json(2));
    }

    private Part spoken() {
        return switch (seeds.upTo(7)) {
            case 0 -> new Part.Reasoning(text(), word(), Extras.NONE);
            case 1 -> new Part.Refusal(text(), Extras.NONE);
            case 2, 3 -> call();
            default -> new Part.Text(text(), Extras.NONE);
        };
    }

    private Part call() {
        return new Part.ToolCall(
                seeds.word() + seeds.upTo(1 << 20), seeds.word(), text(), Extras.NONE);
    }

    private Part result() {
        return new Part.ToolResult(seeds.word(), list(2, this::shown), seeds.oneIn(6), Extras.NONE);
    }

    private Tool tool() {
        return seeds.oneIn(5)
                ? new Tool.Unknown(ChatRequests.DIALECT, unknown())
                : new Tool.Function(
                        seeds.word(),
                        word(),
                        seeds.oneIn(3) ? null : seeds.jsonObject(3),
                        flag(),
                        Extras.NONE);
    }

    private ToolChoice choice() {
        return switch (seeds.upTo(4)) {
            case 0 -> new ToolChoice.None();
            case 1 -> new ToolChoice.Required();
            case 2 -> new ToolChoice.Named(seeds.word());
            case 3 -> new ToolChoice.Unknown(ChatRequests.DIALECT, unknown());
            default -> ToolChoice.AUTO;
        };
    }

    private OutputFormat format() {
        return switch (seeds.upTo(3)) {
            case 0 -> new OutputFormat.JsonObject();
            case 1 ->
                    new OutputFormat.JsonSchema(seeds.word(), word(), seeds.jsonObject(3), flag());
            case 2 -> new OutputFormat.Unknown(ChatRequests.DIALECT, unknown());
            default -> OutputFormat.TEXT;
        };
    }

    private Sampling sampling() {
        return new Sampling(
                seeds.oneIn(2) ? null : seeds.upTo(9999),
                seeds.oneIn(2) ? null : BigDecimal.valueOf(seeds.upTo(200), 2),
                seeds.oneIn(2) ? null : BigDecimal.valueOf(seeds.upTo(100), 2),
                null,
                list(3, seeds::word),
                seeds.oneIn(2) ? null : seeds.random().nextLong(),
                seeds.oneIn(4) ? BigDecimal.valueOf(seeds.upTo(200), 2) : null,
                seeds.oneIn(4) ? BigDecimal.valueOf(seeds.upTo(200), 2) : null,
                flag(),
                word(),
                null);
    }

    private Usage usage() {
        var meters = new EnumMap<Meter, Long>(Meter.class);
        for (Meter meter : List.of(Meter.FRESH_INPUT, Meter.CACHE_READ, Meter.OUTPUT)) {
            meters.put(meter, (long) seeds.upTo(9));
        }
        return new Usage(meters, false);
    }

    private String text() {
        return seeds.oneIn(20) ? "" : "t" + seeds.text(6);
    }

    private @Nullable String word() {
        return seeds.oneIn(3) ? null : seeds.word();
    }

    private @Nullable Boolean flag() {
        return seeds.oneIn(3) ? null : seeds.oneIn(2);
    }

    private <T> List<T> list(int countMax, java.util.function.Supplier<? extends T> make) {
        var list = new ArrayList<T>();
        for (int left = seeds.upTo(countMax); left > 0; left--) {
            list.add(make.get());
        }
        return list;
    }
}
