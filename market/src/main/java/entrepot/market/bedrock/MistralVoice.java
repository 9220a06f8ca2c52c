package entrepot.market.bedrock;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Event;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.Voice;
import entrepot.protocols.bedrock.texts.TextVoice;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.chat.ChatStreamReader;
import entrepot.protocols.openai.chat.ChatVoice;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * Answers a caller of Mistral's chat completion. Reasons stand under Mistral's name and OpenAI's,
 * and so do pieces of a stream: clients of both read such answers.
 *
 * @param createdSeconds Unix time that the answer carries
 */
public record MistralVoice(long createdSeconds) implements Voice {

    @Override
    public byte[] whole(Answer answer) {
        byte[] chat = new ChatVoice(createdSeconds, true).whole(answer);
        return Json.write(mistral((ObjectNode) Json.read(chat, Cause.INTERNAL)));
    }

    private static ObjectNode mistral(ObjectNode answer) {
        for (JsonNode each : answer.path("choices")) {
            if (each instanceof ObjectNode choice) {
                choice.set("stop_reason", choice.path("finish_reason"));
                if (choice.has("delta")) {
                    choice.set("message", choice.path("delta"));
                }
            }
        }
        return answer;
    }

    @Override
    public StreamWriter stream() {
        StreamWriter chat = new ChatVoice(createdSeconds, true).stream();
        return new StreamWriter() {
            @Override
            public List<Frame> write(Event event) {
                return told(chat.write(event), "");
            }

            // Usage comes last, and with it Bedrock's own.
            @Override
            public List<Frame> end() {
                return told(chat.end(), TextVoice.LAST);
            }
        };
    }

    private static List<Frame> told(List<Frame> frames, String name) {
        var told = new ArrayList<Frame>(frames.size());
        for (Frame frame : frames) {
            if (!new String(frame.data(), UTF_8).equals(ChatStreamReader.DONE)) {
                var chunk = (ObjectNode) Json.read(frame.data(), Cause.INTERNAL);
                told.add(Frame.of(name, Json.write(mistral(chunk))));
            }
        }
        return told;
    }
}
