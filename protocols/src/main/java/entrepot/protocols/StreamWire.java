package entrepot.protocols;

import entrepot.conversation.Failure;

/** An interface that also answers in streams. */
public interface StreamWire extends Wire {

    /**
     * Weighs a stream that is passed on as it comes.
     *
     * @param hideUsage whether to hold back what tells nothing but usage
     */
    Meter meter(boolean hideUsage);

    /**
     * The last words of a passed-through stream that broke: an error event, framed. What stands
     * half written before it is closed first.
     */
    byte[] broken(Failure failure);
}
