package entrepot.knowledge.index;

/** Another node reads the source by now: what this one found is not stored. */
public final class Fenced extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public Fenced() {
        super("another node reads this source by now");
    }
}
