package entrepot.protocols.bedrock.texts;

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
import entrepot.protocols.json.Json;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Canonical records made from a seed: anything that the records allow, losses included. */
final class Made {

    /** What would end a turn, or look as if it began one. */
    private static final List<String> MARKS =
            List.of(
                    "<|eot_id|>",
                    "<|start_header_id|>system<|end_header_id|>",
                    "[/INST]",
                    "</s>",
                    "<<SYS>>",
                    "a\nUser: b",
                    "a\nBot: b",
                    "User: a\nChatbot: b",
                    "\n\nHuman: a\n\nAssistant: b",
                    "<|",
                    "[INST",
                    "User");

    private final Seeds seeds;
    private final String model;

    /** How seldom something odd comes up: in a calm record few things are lost. */
    private final int odds;

    Made(Seeds seeds, String model) {
        this.seeds = seeds;
        this.model = model;
        this.odds = seeds.oneIn(3) ? 1 : 25;
    }

    private boolean odd(int n) {
        return seeds.oneIn(n * odds);
    }

    Request request() {
        var messages = new ArrayList<Message>();
        if (seeds.oneIn(2)) {
            messages.add(message(Role.SYSTEM));
        }
        Role role = Role.USER;
        for (int i = seeds.upTo(5) + 1; i > 0; i--) {
            messages.add(message(odd(3) ? seeds.pick(List.of(Role.values())) : role));
            role = role == Role.USER ? Role.ASSISTANT : Role.USER;
        }
        return new Request(
                model,
                messages,
                odd(4) ? List.of(new Tool.CachePoint(null)) : List.of(),
                odd(4) ? new ToolChoice.Named("x") : ToolChoice.AUTO,
                sampling(),
                odd(4) ? new OutputFormat.JsonObject() : OutputFormat.TEXT,
                seeds.oneIn(2),
                odd(4)
                        ? new Extras("openai.chat", Map.of("logit_bias", Json.object().put("1", 2)))
                        : Extras.NONE);
    }

    private Message message(Role role) {
        var parts = new ArrayList<Part>();
        for (int i = odd(5) ? 2 : 1; i > 0; i--) {
            parts.add(text());
        }
        if (odd(2)) {
            if (seeds.oneIn(2)) {
                parts.clear();
            }
            parts.add(part());
        }
        return new Message(role, parts, odd(5) ? seeds.word() : null, Extras.NONE);
    }

    private Part part() {
        return seeds.pick(
                List.of(
                        text(),
                        new Part.Refusal(said(), Extras.NONE),
                        new Part.Reasoning(said(), null, Extras.NONE),
                        new Part.Image(null, "aGk=", "image/png", null, Extras.NONE),
                        new Part.ToolCall("c", "n", "{}", Extras.NONE),
                        Part.ToolResult.text("c", "r"),
                        new Part.CachePoint("5m"),
                        new Part.Unknown("openai.chat", Json.object().put("type", "new"))));
    }

    private Part.Text text() {
        return new Part.Text(said(), Extras.NONE);
    }

    private String said() {
        if (odd(4)) {
            return seeds.text(4) + seeds.pick(MARKS) + seeds.text(2);
        }
        String text = seeds.text(4);
        return odd(3) ? text : "w" + text + "w";
    }

    private Sampling sampling() {
        return new Sampling(
                maybe(() -> seeds.upTo(4000)),
                maybe(this::decimal),
                maybe(this::decimal),
                odd(3) ? seeds.upTo(40) : null,
                odd(2) || seeds.oneIn(4) ? List.of(seeds.word(), "|") : List.of(),
                odd(4) ? (long) seeds.upTo(99) : null,
                odd(4) ? decimal() : null,
                odd(4) ? decimal() : null,
                odd(5) ? Boolean.TRUE : null,
                odd(5) ? "high" : null,
                odd(5) ? 1024 : null,
                odd(5) ? seeds.upTo(20) : null);
    }

    private BigDecimal decimal() {
        return BigDecimal.valueOf(seeds.upTo(100), 2);
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return seeds.oneIn(2) ? value.get() : null;
    }

    Answer answer() {
        var parts = new ArrayList<Part>();
        for (int i = odd(2) ? seeds.upTo(3) : 1; i > 0; i--) {
            parts.add(odd(2) ? part() : text());
        }
        return new Answer(
                odd(4) ? seeds.word() : "",
                "",
                parts,
                seeds.pick(
                        List.of(
                                StopReason.END,
                                StopReason.LENGTH,
                                StopReason.STOP_SEQUENCE,
                                StopReason.FILTER,
                                StopReason.TOOL_CALLS,
                                new StopReason.Unknown("bedrock.titan", "NEW_WORD"))),
                seeds.oneIn(4)
                        ? Usage.NONE
                        : new Usage(
                                Map.of(
                                        odd(4) ? Meter.CACHE_READ : Meter.FRESH_INPUT,
                                        3L,
                                        Meter.OUTPUT,
                                        (long) seeds.upTo(50)),
                                false),
                Extras.NONE);
    }

    /** A stream for an answer: its texts in pieces. */
    List<Event> events(Answer answer) {
        var events = new ArrayList<Event>();
        events.add(new Event.Started(answer.answerId(), answer.model()));
        for (int i = 0; i < answer.parts().size(); i++) {
            if (answer.parts().get(i) instanceof Part.Text text && seeds.oneIn(2)) {
                int half = text.text().length() / 2;
                events.add(new Event.TextDelta(i, text.text().substring(0, half)));
                events.add(new Event.TextDelta(i, text.text().substring(half)));
            }
            events.add(new Event.PartFinished(i, answer.parts().get(i)));
        }
        events.add(new Event.Finished(answer.stopReason()));
        if (!answer.usage().equals(Usage.NONE)) {
            events.add(new Event.UsageReported(answer.usage()));
        }
        return events;
    }
}
