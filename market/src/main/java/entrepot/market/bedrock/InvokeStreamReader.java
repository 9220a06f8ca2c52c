package entrepot.market.bedrock;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.EventSink;
import entrepot.conversation.Failed;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamReader;
import entrepot.protocols.anthropic.AnthropicErrors;
import entrepot.protocols.anthropic.messages.MessagesStreamReader;
import entrepot.protocols.bedrock.BedrockErrors;
import entrepot.protocols.bedrock.converse.ConverseStreamReader;
import entrepot.protocols.bedrock.invoke.InvokeChunks;
import entrepot.protocols.bedrock.texts.TextBodies;
import entrepot.protocols.bedrock.texts.TextBody;
import entrepot.protocols.bedrock.texts.TextDialect;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.OpenAiErrors;
import entrepot.protocols.openai.chat.ChatDialect;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a stream of InvokeModel. In whose words it is shows in its first chunk: Anthropic's events
 * name their type, Nova's are Converse's, each under its name, others have members of their own.
 */
final class InvokeStreamReader implements StreamReader {

    private final EventSink sink;
    private @Nullable StreamReader reader;
    private boolean anthropic;
    private boolean text;
    private boolean chat;

    InvokeStreamReader(EventSink sink) {
        this.sink = sink;
    }

    @Override
    public void frame(Frame frame) throws InterruptedException {
        if (frame.kind() == Frame.Kind.EXCEPTION) {
            StreamReader to = reader(false);
            if (chat) {
                ObjectNode error = OpenAiErrors.body(BedrockErrors.read(frame));
                to.frame(Frame.of(Json.write(error)));
            } else if (anthropic) {
                byte[] error =
                        AnthropicErrors.body(BedrockErrors.read(frame), null)
                                .toString()
                                .getBytes(UTF_8);
                to.frame(Frame.of("error", error));
            } else {
                to.frame(frame);
            }
            return;
        }
        ObjectNode event;
        try {
            event = InvokeChunks.event(frame);
        } catch (Failed malformed) {
            // A frame that is no JSON: whoever reads the rest says what is wrong.
            reader(false).frame(Frame.of("", frame.data()));
            return;
        }
        if (event == null) {
            return;
        }
        if (reader == null) {
            begin(event);
        }
        if (chat) {
            reader(false).frame(Frame.of(Json.write(MistralChat.chunk(event))));
            return;
        }
        if (!text) {
            event.remove(InvokeChunks.METRICS);
        }
        String type = event.path("type").asString("");
        reader(!type.isEmpty()).frame(Frame.of(type, Json.write(event)));
    }

    /** Makers who know texts, or chats like OpenAI's, name neither types nor events. */
    private void begin(ObjectNode first) {
        TextBody body = TextBodies.ofChunk(first);
        if (body != null) {
            text = true;
            reader = new TextDialect(body).reader(sink);
        } else if (first.has("choices")) {
            chat = true;
            reader = new ChatDialect().reader(sink);
        }
    }

    private StreamReader reader(boolean typed) {
        StreamReader known = reader;
        if (known == null) {
            anthropic = typed;
            known = typed ? new MessagesStreamReader(sink) : new ConverseStreamReader(sink);
            reader = known;
        }
        return known;
    }

    @Override
    public void end() throws InterruptedException {
        reader(false).end();
    }

    @Override
    public boolean done() {
        return reader != null && reader.done();
    }
}
