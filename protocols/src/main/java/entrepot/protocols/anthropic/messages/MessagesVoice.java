package entrepot.protocols.anthropic.messages;

import entrepot.conversation.Answer;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.Voice;

/**
 * Answers a caller of the Messages API.
 *
 * @param inputTokensEstimate what a stream tells at its start, until the supplier has counted
 * @param requestId ours, for errors
 */
public record MessagesVoice(long inputTokensEstimate, String requestId) implements Voice {

    @Override
    public byte[] whole(Answer answer) {
        return MessagesAnswers.write(answer);
    }

    @Override
    public StreamWriter stream() {
        return new MessagesStreamWriter(inputTokensEstimate, requestId);
    }
}
