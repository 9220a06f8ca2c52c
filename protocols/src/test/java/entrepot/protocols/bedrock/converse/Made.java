package entrepot.protocols.bedrock.converse;

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
import entrepot.protocols.json.Json;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Canonical records made from a seed: anything that the records allow, losses included. */
final class Made {

    private static final List<String> MODELS =
            List.of(
                    "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
                    "anthropic.claude-opus-4-8",
                    "anthropic.claude-3-haiku-20240307-v1:0",
                    "us.amazon.nova-lite-v1:0",
                    "openai.gpt-oss-120b-1:0",
                    "meta.llama3-1-70b-instruct-v1:0",
                    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/ab12");

    private final Seeds seeds;

    /** How seldom something odd comes up: in a calm record few things are lost. */
    private final int odds;

    Made(Seeds seeds) {
        this.seeds = seeds;
        this.odds = seeds.oneIn(3) ? 1 : 40;
    }

    private boolean odd(int n) {
        return seeds.oneIn(n * odds);
    }

    Request request() {
        return new Request(
                seeds.pick(MODELS),
                messages(),
                list(2, this::tool),
                choice(),
                sampling(),
                format(),
                seeds.oneIn(2),
                Extras.NONE);
    }

    Answer answer() {
        boolean named = seeds.oneIn(8);
        return new Answer(
                named ? seeds.word() : "",
                "",
                list(4, this::spoken),
                seeds.pick(
                        List.of(
                                StopReason.END,
                                StopReason.LENGTH,
                                StopReason.TOOL_CALLS,
                                StopReason.STOP_SEQUENCE,
                                StopReason.FILTER,
                                StopReason.REFUSAL,
                                new StopReason.Unknown(ConverseRequests.DIALECT, "x_word"))),
                usage(),
                Extras.NONE);
    }

    /** A stream for an answer: its parts in pieces, calls interleaved. */
    List<Event> events(Answer answer) {
        return Told.events(answer, seeds);
    }

    private List<Message> messages() {
        var messages = new ArrayList<Message>();
        if (seeds.oneIn(2)) {
            messages.add(message(odd(3) ? Role.DEVELOPER : Role.SYSTEM));
        }
        List<Role> order = List.of(Role.USER, Role.ASSISTANT, Role.TOOL, Role.USER, Role.ASSISTANT);
        for (Role role : order.subList(0, seeds.upTo(order.size()))) {
            messages.add(message(odd(4) ? seeds.pick(List.of(Role.values())) : role));
        }
        return messages;
    }

    private Message message(Role role) {
        List<Part> parts =
                switch (role) {
                    case TOOL -> some(2, this::result);
                    case ASSISTANT -> some(3, this::spoken);
                    case SYSTEM, DEVELOPER -> some(2, () -> new Part.Text(text(), Extras.NONE));
                    case USER -> some(3, this::shown);
                };
        return new Message(role, parts, odd(12) ? seeds.word() : null, Extras.NONE);
    }

    private Part shown() {
        Extras extras =
                odd(12)
                        ? new Extras(
                                "other",
                                Map.of(seeds.word(), Json.object().set("x", seeds.json(1))))
                        : Extras.NONE;
        return switch (odd(6) ? 0 : 1 + seeds.upTo(7)) {
            case 0 -> new Part.Image("https://example.org/x.png", null, null, null, extras);
            case 1 -> new Part.Image(null, "aGk=", "image/png", odd(3) ? "low" : null, extras);
            case 2 -> new Part.Image("s3://bucket/x", null, "image/gif", null, extras);
            case 3 -> new Part.Audio("aGk=", "wav", extras);
            case 4 -> new Part.File(null, null, "aGk=", "application/pdf", name(), extras);
            case 5 -> new Part.Unknown(ConverseRequests.DIALECT, unknown());
            case 6 ->
                    odd(1)
                            ? new Part.CachePoint(seeds.pick(List.of("5m", "1h", "9d")))
                            : new Part.Text(text(), extras);
            default -> new Part.Text(text(), extras);
        };
    }

    private @Nullable String name() {
        return odd(2) ? "a.pdf" : seeds.pick(List.of("a report", "a (b) [c]", "x_y"));
    }

    private tools.jackson.databind.JsonNode unknown() {
        return Json.object().set("video", Json.object().set("body", seeds.json(2)));
    }

    private Part spoken() {
        return switch (odd(1) ? seeds.upTo(4) : 5 + seeds.upTo(4)) {
            case 0 -> new Part.Reasoning(text(), "anthropic:" + seeds.word(), Extras.NONE);
            case 1 -> new Part.Reasoning(seeds.oneIn(2) ? "" : text(), null, Extras.NONE);
            case 2 -> new Part.Reasoning("", "anthropic:" + seeds.word(), Extras.NONE);
            case 3 -> new Part.Reasoning(text(), "openai:" + seeds.word(), Extras.NONE);
            case 4 -> new Part.Refusal(text(), Extras.NONE);
            case 5, 6 -> call();
            default -> new Part.Text(text(), Extras.NONE);
        };
    }

    private Part call() {
        String arguments =
                switch (odd(2) ? seeds.upTo(2) : 3) {
                    case 0 -> "";
                    case 1 -> text();
                    case 2 -> "{ \"a\" : 1.10 }";
                    default ->
                            new String(
                                    Json.write(seeds.jsonObject(2)),
                                    java.nio.charset.StandardCharsets.UTF_8);
                };
        return new Part.ToolCall(id(), "tool_" + seeds.upTo(9), arguments, Extras.NONE);
    }

    private String id() {
        return odd(9) ? "id|" + "x".repeat(70) : "tooluse_" + seeds.upTo(1 << 20);
    }

    private Part result() {
        return new Part.ToolResult(id(), list(2, this::shown), seeds.oneIn(4), Extras.NONE);
    }

    private Tool tool() {
        return switch (odd(3) ? 0 : 1 + seeds.upTo(4)) {
            case 0 -> new Tool.CachePoint(null);
            case 1 ->
                    new Tool.Unknown(
                            ConverseRequests.DIALECT,
                            Json.object().set("systemTool", Json.object().put("name", "n")));
            default ->
                    new Tool.Function(
                            odd(9) ? "not a name" : "tool_" + seeds.upTo(9),
                            seeds.oneIn(3) ? null : text(),
                            odd(5) ? null : Json.object().put("type", "object"),
                            seeds.oneIn(3) ? Boolean.TRUE : null,
                            Extras.NONE);
        };
    }

    private ToolChoice choice() {
        return switch (odd(2) ? seeds.upTo(2) : 3) {
            case 0 -> new ToolChoice.None();
            case 1 -> new ToolChoice.Required();
            case 2 -> new ToolChoice.Named("tool_1");
            default -> ToolChoice.AUTO;
        };
    }

    private OutputFormat format() {
        return switch (odd(3) ? 0 : 1 + seeds.upTo(7)) {
            case 0 -> new OutputFormat.JsonObject();
            case 1 -> new OutputFormat.JsonSchema(seeds.word(), word(), seeds.jsonObject(3), null);
            case 2 -> new OutputFormat.JsonSchema("", null, seeds.jsonObject(2), true);
            default -> OutputFormat.TEXT;
        };
    }

    private Sampling sampling() {
        return new Sampling(
                seeds.oneIn(2) ? null : 1 + seeds.upTo(99_999),
                seeds.oneIn(2) ? null : BigDecimal.valueOf(seeds.upTo(100), 2),
                odd(2) ? BigDecimal.valueOf(seeds.upTo(100), 2) : null,
                odd(4) ? seeds.upTo(99) : null,
                list(3, seeds::word),
                odd(9) ? 7L : null,
                odd(9) ? BigDecimal.ONE : null,
                odd(9) ? BigDecimal.ONE : null,
                odd(9) ? Boolean.FALSE : null,
                odd(3) ? seeds.pick(List.of("none", "minimal", "low", "high", "max")) : null,
                odd(6) ? 1024 + seeds.upTo(9999) : null);
    }

    private Usage usage() {
        var meters = new EnumMap<Meter, Long>(Meter.class);
        for (Meter meter :
                List.of(
                        Meter.FRESH_INPUT,
                        Meter.CACHE_READ,
                        Meter.CACHE_WRITE_5M,
                        Meter.CACHE_WRITE_1H,
                        Meter.OUTPUT)) {
            meters.put(meter, (long) seeds.upTo(9));
        }
        return new Usage(meters, false);
    }

    private String text() {
        return odd(20) ? "" : "t" + seeds.text(6);
    }

    private @Nullable String word() {
        return seeds.oneIn(3) ? null : seeds.word();
    }

    private <T> List<T> some(int countMax, Supplier<? extends T> make) {
        var list = new ArrayList<T>();
        for (int left = odd(4) ? 0 : 1 + seeds.upTo(countMax - 1); left > 0; left--) {
            list.add(make.get());
        }
        return list;
    }

    private <T> List<T> list(int countMax, Supplier<? extends T> make) {
        var list = new ArrayList<T>();
        for (int left = seeds.upTo(countMax); left > 0; left--) {
            list.add(make.get());
        }
        return list;
    }
}
