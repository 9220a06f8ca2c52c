package entrepot.market.capacity.notices;

/** A step of the procedure that cannot be taken; the message says what would help. */
public final class NoticeRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String member;

    NoticeRefused(String member, String problem) {
        super(problem, null, false, false);
        this.member = member;
    }

    /** What is wrong in the request, such as {@code clause}. */
    public String member() {
        return member;
    }

    /** Why. */
    public String problem() {
        return String.valueOf(getMessage());
    }
}
