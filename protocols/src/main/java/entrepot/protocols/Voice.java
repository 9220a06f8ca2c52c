package entrepot.protocols;

import entrepot.conversation.Answer;

/** How one caller is answered in its own dialect. Made per call: it knows what was asked. */
public interface Voice {

    /** The body of a whole answer. */
    byte[] whole(Answer answer);

    /** Writes a stream; asked for once. */
    StreamWriter stream();
}
