package entrepot.conversation;

/** Why a model stopped. A reason that we have no word for passes through as it came. */
public sealed interface StopReason {

    StopReason END = new Known(Kind.END);
    StopReason TOOL_CALLS = new Known(Kind.TOOL_CALLS);
    StopReason LENGTH = new Known(Kind.LENGTH);
    StopReason FILTER = new Known(Kind.FILTER);
    StopReason STOP_SEQUENCE = new Known(Kind.STOP_SEQUENCE);
    StopReason REFUSAL = new Known(Kind.REFUSAL);

    record Known(Kind kind) implements StopReason {}

    record Unknown(String dialect, String word) implements StopReason {}

    enum Kind {
        END,
        TOOL_CALLS,
        LENGTH,
        FILTER,
        STOP_SEQUENCE,
        REFUSAL
    }
}
