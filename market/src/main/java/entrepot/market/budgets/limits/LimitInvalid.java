package entrepot.market.budgets.limits;

/** A limit that cannot be; names the field, and says what it must be. */
public final class LimitInvalid extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * @param field such as {@code amount}
     * @param problem a sentence, such as "it must be …"
     */
    public LimitInvalid(String field, String problem) {
        super(problem);
        this.field = field;
    }

    public String field() {
        return field;
    }

    /** The sentence that says what the field must be. */
    public String problem() {
        return String.valueOf(getMessage());
    }
}
