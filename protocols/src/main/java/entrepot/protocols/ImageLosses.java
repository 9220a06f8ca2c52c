package entrepot.protocols;

import entrepot.conversation.Loss;
import entrepot.conversation.Loss.Weight;

/** What dialects of pictures cannot carry. */
public enum ImageLosses {
    SIZE("the model draws in no such size", Weight.MEANING),
    SIZE_BY_RATIO("the model is told the shape only, and chooses its own size", Weight.HINT),
    QUALITY("the model knows fewer degrees of quality, or none", Weight.HINT),
    MEDIA_TYPE("the model gives no pictures of this type", Weight.MEANING),
    ADDRESS("the model gives a picture's bytes, not its address: ask for b64_json", Weight.MEANING);

    private final String what;
    private final Weight weight;

    ImageLosses(String what, Weight weight) {
        this.what = what;
        this.weight = weight;
    }

    /** What is lost and why, in words for the caller. */
    public String what() {
        return what;
    }

    /** The loss at a member of the canonical record. */
    public Loss at(String path) {
        return new Loss(path, what, weight);
    }
}
