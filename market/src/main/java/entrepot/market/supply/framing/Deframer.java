package entrepot.market.supply.framing;

import entrepot.conversation.Failed;
import entrepot.protocols.Frame;

import java.util.function.Consumer;

/** Takes a stream apart into frames, wherever its chunks are cut. One thread at a time. */
public interface Deframer {

    /**
     * Takes the next bytes, and hands over each frame that they complete.
     *
     * @throws Failed {@code SUPPLIER_FAILED} when the framing is broken or a frame too large
     */
    void push(byte[] chunk, Consumer<Frame> frames);

    /** The stream has ended. */
    void end(Consumer<Frame> frames);
}
