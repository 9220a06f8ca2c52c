package entrepot.protocols;

import entrepot.conversation.Answer;
import entrepot.conversation.Failure;

/** How one caller is answered in its own dialect. Made per call: it knows what was asked. */
public interface Voice {

    /** The body of a whole answer. */
    byte[] whole(Answer answer);

    /** The status of a failure before anything was said, 400 to 599. */
    int status(Failure failure);

    /** Its body. */
    byte[] failure(Failure failure);

    /** Writes a stream; asked for once. */
    StreamWriter stream();
}
