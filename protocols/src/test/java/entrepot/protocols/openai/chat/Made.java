package entrepot.protocols.openai.chat;

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
                choice(ChatRequests.DIALECT, () -> unknown("x_" + seeds.word())),
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
            case 4 -> new Part.Unknown(ChatRequests.DIALECT, unknown("x_" + seeds.word()));
            default -> new Part.Text(text(), extras);
        };
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
                ? new Tool.Unknown(ChatRequests.DIALECT, unknown("x_" + seeds.word()))
                : new Tool.Function(
                        seeds.word(),
                        word(),
                        seeds.oneIn(3) ? null : seeds.jsonObject(3),
                        flag(),
                        Extras.NONE);
    }

    private OutputFormat format() {
        return switch (seeds.upTo(3)) {
            case 0 -> new OutputFormat.JsonObject();
            case 1 ->
                    new OutputFormat.JsonSchema(seeds.word(), word(), seeds.jsonObject(3), flag());
            case 2 -> new OutputFormat.Unknown(ChatRequests.DIALECT, unknown("x_" + seeds.word()));
            default -> OutputFormat.TEXT;
        };
    }

    private Sampling sampling() {
        return new Sampling(
                seeds.oneIn(2) ? null : seeds.upTo(9999),
                hundredths(200),
                hundredths(100),
                null,
                list(3, seeds::word),
                seeds.oneIn(2) ? null : seeds.random().nextLong(),
                rarely(4, 200),
                rarely(4, 200),
                flag(),
                word(),
                null);
    }
}
