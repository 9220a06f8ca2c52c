package entrepot.gateway.storefronts;

import entrepot.conversation.Answer;
import entrepot.conversation.Event;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.Voice;
import entrepot.protocols.bedrock.BedrockErrors;
import entrepot.protocols.bedrock.invoke.InvokeChunks;
import entrepot.protocols.bedrock.invoke.InvokeUsage;
import entrepot.protocols.bedrock.texts.TextVoice;
import entrepot.protocols.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Answers a caller of InvokeModel in a maker's own words: a stream's events go in chunks, the last
 * of which tells Bedrock's metrics.
 *
 * @param maker tells the answer in the maker's words
 * @param named whether an event stands under its name, as Nova's do; else it names its type
 */
record InvokeVoice(Voice maker, boolean named, LongSupplier latencyMillis) implements Voice {

    private static final Set<String> LAST = Set.of("message_stop", "metadata", TextVoice.LAST);

    @Override
    public byte[] whole(Answer answer) {
        return maker.whole(answer);
    }

    @Override
    public Map<String, String> headers(Answer answer) {
        return InvokeUsage.headers(answer.usage(), latencyMillis.getAsLong());
    }

    @Override
    public StreamWriter stream() {
        return new Chunks(maker.stream());
    }

    private final class Chunks implements StreamWriter {

        private final StreamWriter writer;
        private Usage usage = Usage.NONE;
        private boolean failed;

        Chunks(StreamWriter writer) {
            this.writer = writer;
        }

        @Override
        public List<Frame> write(Event event) {
            if (event instanceof Event.UsageReported reported) {
                usage = reported.usage();
            }
            if (event instanceof Event.Failed failure) {
                failed = true;
                return List.of(BedrockErrors.frame(failure.failure()));
            }
            return chunks(writer.write(event));
        }

        @Override
        public List<Frame> end() {
            return failed ? List.of() : chunks(writer.end());
        }

        private List<Frame> chunks(List<Frame> frames) {
            var chunks = new ArrayList<Frame>(frames.size());
            for (Frame frame : frames) {
                ObjectNode event = (ObjectNode) Json.read(frame.data(), Cause.INTERNAL);
                ObjectNode told = named ? Json.object() : event;
                if (named) {
                    told.set(frame.name(), event);
                }
                if (LAST.contains(frame.name())) {
                    told.set(
                            InvokeChunks.METRICS,
                            InvokeChunks.metrics(usage, latencyMillis.getAsLong()));
                }
                chunks.add(InvokeChunks.frame(Json.write(told)));
            }
            return chunks;
        }
    }
}
