package entrepot.identity;

/** Names new things. Given to whoever needs it, so that tests and simulations can choose. */
@FunctionalInterface
public interface Ids {

    /**
     * A new id: the prefix, then at most 40 letters and digits that sort by time of making.
     *
     * @param prefix such as {@code sess_}
     */
    String next(String prefix);
}
