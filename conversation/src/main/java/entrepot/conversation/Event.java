package entrepot.conversation;

import tools.jackson.databind.JsonNode;

import java.util.List;

/**
 * One step of a streamed answer.
 *
 * <p>The grammar every reader keeps and every writer may rely on:
 *
 * <pre>
 *   stream := Started part* Finished UsageReported? | Started part* Failed | Failed
 *   part   := delta* PartFinished        (of one index; indexes grow from 0, without gaps)
 *   delta  := TextDelta | RefusalDelta | ReasoningDelta | ToolCallStarted | ToolCallDelta
 * </pre>
 *
 * Parallel tool calls may interleave their deltas, and may stay open while later parts run; each
 * still ends with its own {@code PartFinished}. {@code Unknown} may stand anywhere after {@code
 * Started}. Usage may also be reported early, or again after the end; the last report wins. {@link
 * EventGrammar} checks all this.
 */
public sealed interface Event {

    /**
     * @param answerId the supplier's id of the answer
     * @param model the model that the supplier says it is
     */
    record Started(String answerId, String model) implements Event {}

    /**
     * @param logprobs of the tokens in this piece; empty unless they were asked for
     */
    record TextDelta(int index, String text, List<Logprob> logprobs) implements Event {
        public TextDelta {
            logprobs = List.copyOf(logprobs);
        }

        public TextDelta(int index, String text) {
            this(index, text, List.of());
        }
    }

    record RefusalDelta(int index, String text) implements Event {}

    record ReasoningDelta(int index, String text) implements Event {}

    record ToolCallStarted(int index, String callId, String name) implements Event {}

    /**
     * @param fragment the next piece of the arguments' JSON text
     */
    record ToolCallDelta(int index, String fragment) implements Event {}

    /** The final form of one part; replaces what its deltas built. */
    record PartFinished(int index, Part part) implements Event {}

    record UsageReported(Usage usage) implements Event {}

    record Finished(StopReason reason) implements Event {}

    record Failed(Failure failure) implements Event {}

    record Unknown(String dialect, JsonNode raw) implements Event {}
}
