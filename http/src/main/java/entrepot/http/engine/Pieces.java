package entrepot.http.engine;

import entrepot.http.ServerSettings;

import java.util.Arrays;

/** Sends a whole body in pieces as the client takes them. */
final class Pieces implements LiveExchange.Flow {

    private final Answer answer;
    private final byte[] whole;
    private final int pieceBytes;
    private int next;
    private boolean ended;

    Pieces(Answer answer, byte[] whole, ServerSettings settings) {
        this.answer = answer;
        this.whole = whole;
        this.pieceBytes = Math.max(1024, settings.writeQueueBytesMax());
    }

    void start() {
        while (whole.length - next > pieceBytes) {
            if (answer.full()) {
                return;
            }
            int from = next;
            next += pieceBytes;
            answer.write(Answer.wrap(Arrays.copyOfRange(whole, from, next)));
        }
        if (!ended) {
            ended = true;
            answer.end(
                    Answer.wrap(next == 0 ? whole : Arrays.copyOfRange(whole, next, whole.length)));
        }
    }

    @Override
    public void taken(int bytes) {
        if (!ended && !answer.full()) {
            start();
        }
    }

    @Override
    public void left() {
        ended = true;
    }
}
