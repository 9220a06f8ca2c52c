package entrepot.runtime.memory;

import org.jspecify.annotations.Nullable;

/** What came of a change. */
public sealed interface Written {

    /** It is as was asked; where nothing had to change, nothing was written. */
    record Done(Memory memory) implements Written {}

    /**
     * It is not as the precondition says; nothing was written.
     *
     * @param current as it is now; null when there is none
     */
    record Stale(@Nullable Memory current) implements Written {}

    /** Another memory is at the path, above it or beneath it; nothing was written. */
    record Taken(Memory by) implements Written {}
}
