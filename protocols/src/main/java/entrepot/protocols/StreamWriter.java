package entrepot.protocols;

import entrepot.conversation.Event;

import java.util.List;

/** Writes events as a caller's stream: frames to be sent in order. One thread at a time. */
public interface StreamWriter {

    /**
     * The frames for an event; often one, sometimes none.
     *
     * @throws IllegalStateException when the event breaks the grammar
     */
    List<Frame> write(Event event);

    /**
     * The frames after the last event. None that would end the answer well after a failure: a
     * client must not take what came for a whole answer (R21).
     */
    List<Frame> end();
}
