package entrepot.protocols;

import entrepot.conversation.Answer;

import java.util.Map;

/** How one caller is answered in its own dialect. Made per call: it knows what was asked. */
public interface Voice {

    /** The body of a whole answer. */
    byte[] whole(Answer answer);

    /** What the dialect tells of a whole answer in headers, by lower-case name. */
    default Map<String, String> headers(Answer answer) {
        return Map.of();
    }

    /** Writes a stream; asked for once. */
    StreamWriter stream();
}
