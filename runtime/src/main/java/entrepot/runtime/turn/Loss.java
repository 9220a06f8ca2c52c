package entrepot.runtime.turn;

import entrepot.conversation.Failure;

/** The failure of a model call whose process ended before the answer was recorded. */
final class Loss {

    private static final String CODE = "process_ended";

    static final Failure FAILURE =
            new Failure(
                    Failure.Cause.INTERNAL,
                    "The process that made this model call ended before the answer was recorded.",
                    null,
                    CODE,
                    null,
                    null,
                    null);

    private Loss() {}

    static boolean is(Failure failure) {
        return CODE.equals(failure.code());
    }
}
