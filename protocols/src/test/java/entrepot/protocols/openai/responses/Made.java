package entrepot.protocols.openai.responses;

import static entrepot.protocols.openai.responses.ResponsesRequests.DIALECT;

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
import entrepot.testkit.Seeds;

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
                choice(DIALECT, () -> unknown("allowed_tools")),
                sampling(),
                format(),
                seeds.oneIn(2),
                Extras.NONE);
    }

    Answer answer() {
        List<Part> parts = list(4, this::spoken);
        boolean calls = parts.stream().anyMatch(Part.ToolCall.class::isInstance);
        return new Answer(
                seeds.word(),
                seeds.word(),
                parts,
                seeds.pick(
                        List.of(
                                calls ? StopReason.TOOL_CALLS : StopReason.END,
                                StopReason.LENGTH,
                                StopReason.FILTER,
                                StopReason.REFUSAL,
                                new StopReason.Unknown(DIALECT, seeds.word() + "_x"))),
                usage(Meter.FRESH_INPUT, Meter.CACHE_READ, Meter.OUTPUT, Meter.REASONING),
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
        Extras extras = seeds.oneIn(12) ? new Extras("other", foreign()) : Extras.NONE;
        return switch (seeds.upTo(7)) {
            case 0 ->
                    new Part.Image(
                            "https://example.org/" + seeds.word(), null, null, word(), extras);
            case 1 -> new Part.Image(null, "aGk=", "image/" + seeds.word(), word(), extras);
            case 2 -> new Part.File(word(), null, "aGk=", "a/b", word(), extras);
            case 3 -> new Part.File(null, "https://example.org/x", null, null, word(), extras);
            case 4 ->
                    seeds.oneIn(4)
                            ? new Part.Audio("aGk=", "wav", extras)
                            : new Part.Unknown(DIALECT, unknown("input_x"));
            default -> new Part.Text(text(), extras);
        };
    }

    private Part spoken() {
        return switch (seeds.upTo(8)) {
            case 0 -> new Part.Reasoning(text(), "openai:" + seeds.word(), Extras.NONE);
            case 1 -> new Part.Refusal(text(), Extras.NONE);
            case 2, 3 -> call();
            case 4 -> new Part.Unknown(DIALECT, unknown("x_call"));
            case 5 ->
                    seeds.oneIn(3)
                            ? new Part.Reasoning(text(), "anthropic:x", Extras.NONE)
                            : call();
            default -> new Part.Text(text(), Extras.NONE);
        };
    }

    private Part call() {
        return new Part.ToolCall(
                seeds.word() + seeds.upTo(1 << 20), seeds.word(), text(), Extras.NONE);
    }

    private Part result() {
        return new Part.ToolResult(seeds.word(), list(2, this::shown), seeds.oneIn(9), Extras.NONE);
    }

    private Tool tool() {
        return seeds.oneIn(5)
                ? new Tool.Unknown(DIALECT, unknown("x_" + seeds.word()))
                : new Tool.Function(
                        seeds.word(), word(), seeds.jsonObject(3), seeds.oneIn(2), Extras.NONE);
    }

    private OutputFormat format() {
        return switch (seeds.upTo(3)) {
            case 0 -> new OutputFormat.JsonObject();
            case 1 ->
                    new OutputFormat.JsonSchema(seeds.word(), word(), seeds.jsonObject(3), flag());
            case 2 -> new OutputFormat.Unknown(DIALECT, unknown("x_format"));
            default -> OutputFormat.TEXT;
        };
    }

    private Sampling sampling() {
        return new Sampling(
                seeds.oneIn(2) ? null : seeds.upTo(9999),
                hundredths(200),
                hundredths(100),
                seeds.oneIn(9) ? 40 : null,
                seeds.oneIn(9) ? List.of(seeds.word()) : List.of(),
                seeds.oneIn(9) ? seeds.random().nextLong() : null,
                rarely(9, 200),
                rarely(9, 200),
                flag(),
                word(),
                seeds.oneIn(9) ? seeds.upTo(30_000) : null);
    }
}
