package entrepot.market.supply.framing;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Event;
import entrepot.conversation.Failed;
import entrepot.market.bedrock.InvokeDialect;
import entrepot.protocols.Dialect;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamReader;
import entrepot.protocols.anthropic.messages.MessagesDialect;
import entrepot.protocols.bedrock.converse.ConverseDialect;
import entrepot.protocols.google.gemini.GeminiDialect;
import entrepot.protocols.openai.chat.ChatDialect;
import entrepot.protocols.openai.responses.ResponsesDialect;
import entrepot.testkit.Cuts;
import entrepot.testkit.Recording;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** R15: every recorded stream is understood the same wherever the network cuts it. */
class EveryCutTest {

    /** A dialect and where its streams were recorded. */
    record Side(Dialect dialect, Supplier<Deframer> deframer, String path, List<String> files) {
        @Override
        public String toString() {
            return dialect.name();
        }

        /** The streams; those whose framing was taken away are framed again. */
        List<Recording> streams() {
            return Recording.of(files.toArray(String[]::new)).stream()
                    .filter(each -> each.path().isEmpty() || each.pathOnly().endsWith(path))
                    .filter(each -> each.unframed() || !isJson(each.answer()))
                    .toList();
        }

        byte[] bytes(Recording recording) {
            if (!recording.unframed()) {
                return recording.answer();
            }
            var framed = new StringBuilder();
            new String(recording.answer(), UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .forEach(line -> framed.append("data: ").append(line).append("\r\n\r\n"));
            return framed.toString().getBytes(UTF_8);
        }

        private static boolean isJson(byte[] body) {
            String text = new String(body, UTF_8).stripLeading();
            return text.isEmpty() || text.startsWith("{") || text.startsWith("[");
        }
    }

    static Stream<Side> sides() {
        return Stream.of(
                new Side(
                        new ChatDialect(),
                        SseDeframer::new,
                        "/chat/completions",
                        List.of(
                                "openai-chat.jsonl",
                                "openai-compatible-chat.jsonl",
                                "azure-openai.jsonl",
                                "agent-loops.jsonl",
                                "openai-chat.responses-only.jsonl",
                                "openai-compatible-chat.responses-only.jsonl")),
                new Side(
                        new ResponsesDialect(),
                        SseDeframer::new,
                        "/responses",
                        List.of(
                                "openai-responses.jsonl",
                                "responses-compatible.jsonl",
                                "azure-openai.jsonl",
                                "agent-loops.jsonl",
                                "openai-responses-sessions.jsonl",
                                "openai-responses.responses-only.jsonl",
                                "azure-openai.responses-only.jsonl",
                                "responses-compatible.responses-only.jsonl")),
                new Side(
                        new MessagesDialect(),
                        SseDeframer::new,
                        "/messages",
                        List.of(
                                "anthropic-messages.jsonl",
                                "anthropic-other.jsonl",
                                "agent-loops.jsonl",
                                "anthropic-messages.responses-only.jsonl")),
                new Side(
                        new GeminiDialect(),
                        SseDeframer::new,
                        ":streamGenerateContent",
                        List.of("gemini.jsonl", "vertex.jsonl", "gemini.responses-only.jsonl")),
                new Side(
                        new ConverseDialect(),
                        EventStreamDeframer::new,
                        "/converse-stream",
                        List.of("bedrock-converse-stream.jsonl", "bedrock-other.jsonl")),
                new Side(
                        new InvokeDialect(),
                        EventStreamDeframer::new,
                        "/invoke-with-response-stream",
                        List.of("bedrock-invoke-stream.jsonl", "bedrock-other.jsonl")));
    }

    /** A frame by its value. */
    private record Seen(Frame.Kind kind, String name, ByteBuffer data) {

        static Seen of(Frame frame) {
            return new Seen(frame.kind(), frame.name(), ByteBuffer.wrap(frame.data()));
        }

        Frame frame() {
            var bytes = new byte[data.remaining()];
            data.duplicate().get(bytes);
            return new Frame(kind, name, bytes);
        }
    }

    /**
     * A reader is handed frames, and is asked between two pieces whether it is done. So what
     * cutting can change is which frames there are, tried at every byte, and whether those behind
     * the end count, tried with each frame in a piece of its own.
     */
    @ParameterizedTest
    @MethodSource("sides")
    void r15EveryStreamCutAtEveryByteTellsTheSame(Side side) throws Exception {
        List<Recording> streams = side.streams();
        for (Recording each : streams) {
            byte[] stream = side.bytes(each);
            var frames = Cuts.same(each.id(), stream, pieces -> frames(side, pieces));
            assertThat(frames).as("%s", each).isNotEmpty();
            List<Event> events = events(side, List.of(frames));
            assertThat(events).as("%s", each).isNotEmpty();
            assertThat(events(side, frames.stream().map(List::of).toList()))
                    .as("%s", each)
                    .isEqualTo(events);
        }
        assertThat(streams).hasSizeGreaterThan(25);
    }

    private static List<Seen> frames(Side side, List<byte[]> pieces) {
        var seen = new ArrayList<Seen>();
        Deframer deframer = side.deframer().get();
        Consumer<Frame> taker = frame -> seen.add(Seen.of(frame));
        try {
            pieces.forEach(piece -> deframer.push(piece, taker));
            deframer.end(taker);
        } catch (Failed broken) {
            String why = broken.failure().cause().name();
            seen.add(new Seen(Frame.Kind.EXCEPTION, why, ByteBuffer.allocate(0)));
        }
        return seen;
    }

    /** As a supplier's stream is read: nothing more is asked for when the reader is done. */
    private static List<Event> events(Side side, List<List<Seen>> pieces) throws Exception {
        var events = new ArrayList<Event>();
        StreamReader reader = side.dialect().reader(events::add);
        for (List<Seen> piece : pieces) {
            if (reader.done()) {
                return events;
            }
            for (Seen frame : piece) {
                reader.frame(frame.frame());
            }
        }
        if (!reader.done()) {
            reader.end();
        }
        return events;
    }
}
