package entrepot.protocols.openai.responses.items;

/** Makes the ids of items that a supplier of another dialect did not name. */
@FunctionalInterface
public interface ItemIds {

    /**
     * A new id.
     *
     * @param prefix what kind of item it names, such as {@code msg}, {@code rs} or {@code fc}; the
     *     id begins with it and an underscore
     */
    String next(String prefix);
}
