package entrepot.protocols.bedrock.converse;

import entrepot.conversation.Answer;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.Voice;

import java.util.function.LongSupplier;

/**
 * Answers a caller of Converse.
 *
 * @param latencyMillis how long the answer has taken, asked for at its end
 */
public record ConverseVoice(LongSupplier latencyMillis) implements Voice {

    @Override
    public byte[] whole(Answer answer) {
        return ConverseAnswers.write(answer, latencyMillis.getAsLong());
    }

    @Override
    public StreamWriter stream() {
        return new ConverseStreamWriter(latencyMillis);
    }
}
