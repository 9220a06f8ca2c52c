package entrepot.protocols;

import entrepot.conversation.Loss;
import entrepot.conversation.Usage;
import entrepot.conversation.image.ImageRequest;
import entrepot.conversation.image.Images;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** How suppliers of pictures are asked and understood, in one dialect. */
public interface ImageDialect extends Wire {

    /** How many pictures one call may ask for; more are asked for in several calls. */
    int imagesMax(String model);

    /** What a request loses when it is written in this dialect. */
    List<Loss> losses(ImageRequest request);

    /**
     * The body of a call.
     *
     * @throws entrepot.conversation.Failed {@code UNSUPPORTED} when the model does not draw
     */
    byte[] write(ImageRequest request);

    /**
     * Reads an answer.
     *
     * @throws entrepot.conversation.Failed {@code SUPPLIER_FAILED} when it is no such answer,
     *     {@code CONTENT_FILTERED} when all of it was filtered, or what the error in it says
     */
    Images read(ImageRequest request, byte[] body);

    /** Pictures are translated, never passed on, by whom this is for. */
    @Override
    default @Nullable Usage usage(byte[] body) {
        return null;
    }
}
