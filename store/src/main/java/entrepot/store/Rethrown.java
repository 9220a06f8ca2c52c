package entrepot.store;

import java.lang.reflect.UndeclaredThrowableException;

/** Carries what was thrown on one thread over to the thread that asked. */
final class Rethrown {

    private Rethrown() {}

    /** Something to throw: the same exception, so that callers can catch what their work threw. */
    static RuntimeException unchecked(Throwable failure) {
        return switch (failure) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new UndeclaredThrowableException(failure);
        };
    }
}
