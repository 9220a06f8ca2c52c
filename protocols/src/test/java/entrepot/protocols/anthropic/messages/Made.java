package entrepot.protocols.anthropic.messages;

import static entrepot.protocols.anthropic.messages.MessagesRequests.DIALECT;

import entrepot.conversation.Answer;
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
import entrepot.protocols.Making;
import entrepot.protocols.json.Json;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.function.Supplier;

/** Canonical records made from a seed: anything that the records allow, losses included. */
final class Made extends Making {

    Made(Seeds seeds) {
        super(seeds);
    }

    Request request() {
        var messages = new ArrayList<>(list(4, this::message));
        messages.add(Message.text(Role.USER, "t" + seeds.word()));
        return new Request(
                seeds.word(),
                messages,
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
                list(4, this::answered),
                seeds.pick(
                        List.of(
                                StopReason.END,
                                StopReason.LENGTH,
                                StopReason.TOOL_CALLS,
                                StopReason.FILTER,
                                StopReason.REFUSAL,
                                StopReason.STOP_SEQUENCE,
                                new StopReason.Unknown(DIALECT, "pause_turn"),
                                new StopReason.Unknown("other", "x"))),
                usage(),
                Extras.NONE);
    }

    private Message message() {
        Role role = seeds.pick(List.of(Role.values()));
        Supplier<Part> part =
                switch (role) {
                    case TOOL -> this::result;
                    case ASSISTANT -> this::spoken;
                    case USER -> this::shown;
                    case SYSTEM, DEVELOPER -> this::said;
                };
        return new Message(role, list(3, part), seeds.oneIn(9) ? seeds.word() : null, Extras.NONE);
    }

    private Part said() {
        return new Part.Text(words(), Extras.NONE);
    }

    private Part shown() {
        Extras extras = seeds.oneIn(12) ? new Extras("other", foreign()) : Extras.NONE;
        return switch (seeds.upTo(7)) {
            case 0 ->
                    new Part.Image("https://example.org/" + seeds.word(), null, null, null, extras);
            case 1 ->
                    new Part.Image(
                            null,
                            "aGk=",
                            "image/" + seeds.word(),
                            seeds.oneIn(4) ? "low" : null,
                            extras);
            case 2 ->
                    seeds.oneIn(4)
                            ? new Part.Audio("aGk=", "wav", extras)
                            : new Part.CachePoint(seeds.oneIn(2) ? null : "1h");
            case 3 ->
                    new Part.File(
                            null,
                            null,
                            "aGk=",
                            seeds.pick(List.of("application/pdf", "text/plain", "a/b")),
                            word(),
                            extras);
            case 4 -> new Part.File(seeds.word(), null, null, null, word(), extras);
            case 5 -> new Part.Unknown(DIALECT, unknown("x_" + seeds.word()));
            default -> new Part.Text(words(), extras);
        };
    }

    private Part spoken() {
        return switch (seeds.upTo(9)) {
            case 0 -> new Part.Reasoning(words(), signature(), Extras.NONE);
            case 1 -> new Part.Reasoning("", "anthropic:redacted:" + seeds.word(), Extras.NONE);
            case 2 -> seeds.oneIn(3) ? new Part.Refusal(words(), Extras.NONE) : said();
            case 3, 4, 5 -> call();
            case 6 -> new Part.Unknown(DIALECT, unknown("x_" + seeds.word()));
            case 7 -> new Part.CachePoint(null);
            default -> said();
        };
    }

    private Part answered() {
        Part part = spoken();
        return part instanceof Part.CachePoint ? said() : part;
    }

    private @Nullable String signature() {
        return switch (seeds.upTo(5)) {
            case 0 -> null;
            case 1 -> "openai:" + seeds.word();
            default -> "anthropic:" + seeds.word();
        };
    }

    private Part call() {
        String id = "call_" + seeds.upTo(1 << 20) + (seeds.oneIn(15) ? ":0" : "");
        String arguments =
                seeds.oneIn(15)
                        ? words()
                        : new String(
                                Json.write(seeds.jsonObject(2)),
                                java.nio.charset.StandardCharsets.UTF_8);
        return new Part.ToolCall(id, seeds.word(), arguments, Extras.NONE);
    }

    private Part result() {
        return new Part.ToolResult(seeds.word(), list(2, this::shown), seeds.oneIn(4), Extras.NONE);
    }

    private Tool tool() {
        return switch (seeds.upTo(6)) {
            case 0 -> new Tool.Unknown(DIALECT, unknown("x_" + seeds.word()));
            case 1 -> new Tool.CachePoint("5m");
            default ->
                    new Tool.Function(
                            seeds.word(),
                            word(),
                            seeds.oneIn(12) ? null : seeds.jsonObject(3),
                            seeds.oneIn(3) ? seeds.oneIn(2) : null,
                            Extras.NONE);
        };
    }

    private ToolChoice choice() {
        return switch (seeds.upTo(5)) {
            case 0 -> new ToolChoice.None();
            case 1 -> new ToolChoice.Required();
            case 2 -> new ToolChoice.Named(seeds.word());
            case 3 -> new ToolChoice.Unknown(DIALECT, unknown("x_" + seeds.word()));
            default -> ToolChoice.AUTO;
        };
    }

    private OutputFormat format() {
        return switch (seeds.upTo(7)) {
            case 0 -> new OutputFormat.JsonObject();
            case 1 ->
                    new OutputFormat.JsonSchema(
                            seeds.oneIn(3) ? seeds.word() : MessagesFormats.NAME,
                            seeds.oneIn(4) ? seeds.word() : null,
                            seeds.jsonObject(3),
                            seeds.oneIn(4) ? Boolean.TRUE : null);
            case 2 -> new OutputFormat.Unknown(DIALECT, unknown("x_" + seeds.word()));
            default -> OutputFormat.TEXT;
        };
    }

    private Sampling sampling() {
        return new Sampling(
                seeds.oneIn(6) ? null : 1 + seeds.upTo(9999),
                hundredths(110),
                hundredths(100),
                seeds.oneIn(4) ? seeds.upTo(99) : null,
                list(3, seeds::word),
                seeds.oneIn(9) ? seeds.random().nextLong() : null,
                rarely(9, 200),
                rarely(9, 200),
                seeds.oneIn(4) ? seeds.oneIn(2) : null,
                seeds.oneIn(4) ? seeds.pick(List.of("none", "low", "max")) : null,
                seeds.oneIn(6) ? 1024 + seeds.upTo(999) : null);
    }

    private Usage usage() {
        var meters = new EnumMap<Meter, Long>(Meter.class);
        for (Meter meter : Meter.values()) {
            meters.put(meter, seeds.oneIn(3) ? (long) seeds.upTo(9) : 0L);
        }
        return new Usage(meters, false);
    }

    private String words() {
        return seeds.oneIn(30) ? "" : "t" + seeds.text(6);
    }
}
