package entrepot.protocols.matrix;

import entrepot.conversation.Loss;
import entrepot.protocols.Dialect;
import entrepot.protocols.Voice;
import entrepot.protocols.anthropic.messages.MessagesDialect;
import entrepot.protocols.anthropic.messages.MessagesLosses;
import entrepot.protocols.anthropic.messages.MessagesVoice;
import entrepot.protocols.bedrock.converse.ConverseDialect;
import entrepot.protocols.bedrock.converse.ConverseLosses;
import entrepot.protocols.bedrock.converse.ConverseVoice;
import entrepot.protocols.bedrock.texts.TextBodies;
import entrepot.protocols.bedrock.texts.TextDialect;
import entrepot.protocols.bedrock.texts.TextLosses;
import entrepot.protocols.bedrock.texts.TextVoice;
import entrepot.protocols.google.gemini.GeminiDialect;
import entrepot.protocols.google.gemini.GeminiLosses;
import entrepot.protocols.google.gemini.GeminiVoice;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.chat.ChatDialect;
import entrepot.protocols.openai.chat.ChatLosses;
import entrepot.protocols.openai.chat.ChatVoice;
import entrepot.protocols.openai.responses.ResponsesDialect;
import entrepot.protocols.openai.responses.ResponsesLosses;
import entrepot.protocols.openai.responses.ResponsesVoice;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * A dialect in the matrix.
 *
 * @param voice how a caller of it is answered, with everything that has to be given given
 * @param declared all kinds of losses that it knows
 */
record Column(Dialect dialect, Supplier<Voice> voice, List<Loss> declared) {

    static final List<Column> ALL =
            List.of(
                    new Column(
                            new ChatDialect(),
                            () -> new ChatVoice(7, true),
                            losses(ChatLosses.values(), ChatLosses::at)),
                    new Column(
                            new ResponsesDialect(),
                            Column::responses,
                            losses(ResponsesLosses.values(), ResponsesLosses::at)),
                    new Column(
                            new MessagesDialect(),
                            () -> new MessagesVoice(() -> 9, "req_1"),
                            losses(MessagesLosses.values(), MessagesLosses::at)),
                    new Column(
                            new ConverseDialect(),
                            () -> new ConverseVoice(() -> 7),
                            losses(ConverseLosses.values(), ConverseLosses::at)),
                    new Column(
                            new GeminiDialect(),
                            GeminiVoice::new,
                            losses(GeminiLosses.values(), GeminiLosses::at)));

    /** Bodies of InvokeModel that know texts. */
    static final List<Column> TEXTS =
            TextBodies.ALL.stream()
                    .map(body ->
                            new Column(
                                    new TextDialect(body),
                                    () -> new TextVoice(body),
                                    losses(TextLosses.values(), TextLosses::at)))
                    .toList();

    private static Voice responses() {
        var count = new AtomicInteger();
        return new ResponsesVoice(
                Json.object().put("model", "vendor/model-1"),
                "resp_1",
                7,
                prefix -> prefix + "_" + count.incrementAndGet());
    }

    private static <L> List<Loss> losses(L[] values, BiFunction<L, String, Loss> at) {
        return Arrays.stream(values).map(loss -> at.apply(loss, "")).toList();
    }

    @Override
    public String toString() {
        return dialect.name();
    }
}
