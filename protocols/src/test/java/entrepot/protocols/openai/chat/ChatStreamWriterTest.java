package entrepot.protocols.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Event;
import entrepot.conversation.Extras;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class ChatStreamWriterTest {

    private static final Event START = new Event.Started("c1", "m");
    private static final Event TEXT = new Event.TextDelta(0, "hi");
    private static final Event TEXT_END =
            new Event.PartFinished(0, new Part.Text("hi", Extras.NONE));
    private static final Event END = new Event.Finished(StopReason.END);
    private static final Event USAGE =
            new Event.UsageReported(
                    new Usage(Map.of(Meter.FRESH_INPUT, 3L, Meter.OUTPUT, 2L), false));

    @Test
    void writesAStreamAsOpenAiDoes() {
        assertThat(written(false, START, TEXT, TEXT_END, END, USAGE))
                .containsExactly(
                        chunk("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null"),
                        chunk("{\"content\":\"hi\"}", "null"),
                        chunk("{}", "\"stop\""),
                        "[DONE]");
    }

    @Test
    void r24UsageIsToldOnlyToWhoAsked() {
        var asked = written(true, START, TEXT, TEXT_END, END, USAGE);
        assertThat(asked).hasSize(5);
        assertThat(asked.get(1)).endsWith("\"usage\":null}");
        assertThat(asked.get(3))
                .contains("\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,")
                .contains("\"total_tokens\":5");
        assertThat(written(false, START, TEXT, TEXT_END, END, USAGE))
                .noneMatch(payload -> payload.contains("usage"));
    }

    @Test
    void r21AFailureAfterContentIsTypedAndHasNoEndMark() {
        var payloads =
                written(
                        true,
                        START,
                        TEXT,
                        new Event.Failed(Failure.of(Cause.UNREACHABLE, "It broke off.")));
        assertThat(payloads.getLast())
                .isEqualTo(
                        "{\"error\":{\"message\":\"It broke off.\",\"type\":\"server_error\","
                                + "\"param\":null,\"code\":\"supplier_unreachable\"}}");
        assertThat(payloads).doesNotContain("[DONE]");
    }

    @Test
    void r18APartThatCameWithoutDeltasIsWrittenWhole() {
        var payloads =
                written(
                        false,
                        START,
                        TEXT,
                        new Event.PartFinished(0, new Part.Text("hi there", Extras.NONE)),
                        new Event.PartFinished(1, new Part.ToolCall("a", "f", "{}", Extras.NONE)),
                        new Event.Finished(StopReason.TOOL_CALLS));
        assertThat(payloads.get(2)).contains("\"content\":\" there\"");
        assertThat(payloads.get(3)).contains("\"index\":0,\"id\":\"a\",\"type\":\"function\"");
        assertThat(payloads.get(4)).contains("\"arguments\":\"{}\"");
    }

    @Test
    void r19CallsAreNumberedByThemselves() {
        var payloads =
                written(
                        false,
                        START,
                        TEXT,
                        TEXT_END,
                        new Event.ToolCallStarted(1, "a", "f"),
                        new Event.ToolCallStarted(2, "b", "g"),
                        new Event.ToolCallDelta(2, "{}"),
                        new Event.ToolCallDelta(1, "[]"),
                        new Event.PartFinished(1, new Part.ToolCall("a", "f", "[]", Extras.NONE)),
                        new Event.PartFinished(2, new Part.ToolCall("b", "g", "{}", Extras.NONE)),
                        END);
        assertThat(payloads.get(4)).contains("\"index\":1,\"function\":{\"arguments\":\"{}\"}");
        assertThat(payloads.get(5)).contains("\"index\":0,\"function\":{\"arguments\":\"[]\"}");
        assertThat(payloads).hasSize(8);
    }

    @Test
    void r90AReasonWithoutAWordOfOursPasses() {
        var paused = new Event.Finished(new StopReason.Unknown("other", "pause_turn"));
        assertThat(written(false, START, paused).get(1)).contains("\"pause_turn\"");
    }

    @Test
    void r17BreachesOfTheGrammarAreOursAndAreFound() {
        assertThatThrownBy(() -> written(false, START, START))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> written(false, START, TEXT, TEXT_END))
                .isInstanceOf(IllegalStateException.class);
    }

    private static String chunk(String delta, String reason) {
        return "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"m\","
                + "\"choices\":[{\"index\":0,\"delta\":"
                + delta
                + ",\"logprobs\":null,\"finish_reason\":"
                + reason
                + "}]}";
    }

    private static List<String> written(boolean usageAsked, Event... events) {
        var writer = new ChatStreamWriter(7, usageAsked);
        var payloads = new ArrayList<String>();
        for (Event event : events) {
            writer.write(event).forEach(p -> payloads.add(new String(p, UTF_8)));
        }
        writer.end().forEach(p -> payloads.add(new String(p, UTF_8)));
        return payloads;
    }
}
