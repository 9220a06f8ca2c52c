package entrepot.protocols.anthropic.messages;

import entrepot.conversation.Answer;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.Voice;

import java.util.function.LongSupplier;

/**
 * Answers a caller of the Messages API.
 *
 * @param inputTokensEstimate what a stream tells at its start, unless the supplier has counted by
 *     then; asked for only if it is needed
 * @param requestId ours, for errors
 */
public record MessagesVoice(LongSupplier inputTokensEstimate, String requestId) implements Voice {

    @Override
    public byte[] whole(Answer answer) {
        return MessagesAnswers.write(answer);
    }

    @Override
    public StreamWriter stream() {
        return new MessagesStreamWriter(inputTokensEstimate, requestId);
    }
}
