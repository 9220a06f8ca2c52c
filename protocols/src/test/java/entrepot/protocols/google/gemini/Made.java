package entrepot.protocols.google.gemini;

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
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.Making;
import entrepot.protocols.json.Json;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.Arrays;
import java.util.List;

/** Canonical records made from a seed: anything that the records allow, losses included. */
final class Made extends Making {

    Made(Seeds seeds) {
        super(seeds);
    }

    Request request() {
        return new Request(
                seeds.word(),
                list(4, this::message),
                list(2, this::tool),
                choice(GeminiRequests.DIALECT, this::unknown),
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
                                new StopReason.Unknown(
                                        GeminiRequests.DIALECT, seeds.word() + "_x"))),
                usage(Meter.FRESH_INPUT, Meter.CACHE_READ, Meter.OUTPUT),
                Extras.NONE);
    }

    private Message message() {
        Role role = seeds.pick(List.of(Role.values()));
        return new Message(
                role,
                role == Role.TOOL
                        ? list(2, this::result)
                        : list(4, role == Role.ASSISTANT ? this::spoken : this::shown),
                seeds.oneIn(9) ? seeds.word() : null,
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
            case 3 ->
                    seeds.oneIn(2)
                            ? new Part.File(null, null, "aGk=", "text/plain", word(), extras)
                            : new Part.File(
                                    null, "https://x/" + seeds.word(), null, media(), null, extras);
            case 4 -> new Part.Unknown(GeminiRequests.DIALECT, unknown());
            default -> new Part.Text(text(), extras);
        };
    }

    private JsonNode unknown() {
        return Json.object().put("new" + seeds.word(), seeds.upTo(9)).set("args", seeds.json(2));
    }

    private Part spoken() {
        return switch (seeds.upTo(8)) {
            case 0 -> new Part.Reasoning(text(), signature(), Extras.NONE);
            case 7 -> new Part.Reasoning("", "google:" + seeds.word(), Extras.NONE);
            case 1 -> new Part.Refusal(text(), Extras.NONE);
            case 2, 3 -> call();
            default -> new Part.Text(text(), Extras.NONE);
        };
    }

    private @Nullable String media() {
        return seeds.oneIn(3) ? null : "application/pdf";
    }

    private @Nullable String signature() {
        return seeds.oneIn(2)
                ? null
                : seeds.pick(List.of("google:", "anthropic:", "openai:")) + seeds.word();
    }

    private Part call() {
        return new Part.ToolCall(
                seeds.word() + seeds.upTo(1 << 20),
                seeds.word(),
                seeds.oneIn(4) ? text() : seeds.jsonObject(2).toString(),
                Extras.NONE);
    }

    private Part result() {
        return new Part.ToolResult(seeds.word(), list(2, this::shown), seeds.oneIn(6), Extras.NONE);
    }

    private Tool tool() {
        return seeds.oneIn(5)
                ? new Tool.Unknown(GeminiRequests.DIALECT, unknown())
                : new Tool.Function(
                        seeds.word(),
                        word(),
                        seeds.oneIn(3) ? null : seeds.jsonObject(3),
                        seeds.oneIn(6) ? flag() : null,
                        Extras.NONE);
    }

    private OutputFormat format() {
        return switch (seeds.upTo(3)) {
            case 0 -> new OutputFormat.JsonObject();
            case 1 ->
                    new OutputFormat.JsonSchema(
                            seeds.oneIn(6) ? seeds.word() : "response",
                            seeds.oneIn(6) ? word() : null,
                            seeds.jsonObject(3),
                            null);
            case 2 -> new OutputFormat.Unknown(GeminiRequests.DIALECT, x());
            default -> OutputFormat.TEXT;
        };
    }

    private static JsonNode x() {
        return Json.object().put("responseMimeType", "text/x.enum");
    }

    private Sampling sampling() {
        return new Sampling(
                seeds.oneIn(2) ? null : seeds.upTo(9999),
                hundredths(200),
                hundredths(100),
                seeds.oneIn(2) ? null : seeds.upTo(99),
                list(3, seeds::word),
                seeds.oneIn(2) ? null : seeds.random().nextLong(),
                rarely(4, 200),
                rarely(4, 200),
                seeds.oneIn(8) ? flag() : null,
                seeds.pick(Arrays.asList(null, null, "none", "minimal", "low", "high", "max")),
                seeds.oneIn(4) ? seeds.upTo(9) + 1 : null);
    }
}
