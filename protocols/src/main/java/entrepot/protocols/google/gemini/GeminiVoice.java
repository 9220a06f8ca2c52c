package entrepot.protocols.google.gemini;

import entrepot.conversation.Answer;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.Voice;

/** Answers a caller of {@code generateContent} or {@code streamGenerateContent}. */
public final class GeminiVoice implements Voice {

    @Override
    public byte[] whole(Answer answer) {
        return GeminiAnswers.write(answer);
    }

    @Override
    public StreamWriter stream() {
        return new GeminiStreamWriter();
    }
}
