package entrepot.runtime.faults;

import java.util.List;

/**
 * What a process does, and where in it the process meets its end.
 *
 * @param script index into {@link #SCRIPTS}
 * @param number which write of the journal, or which use of a tool, counted from 1
 */
record Point(int script, Kind kind, int number) {

    /**
     * Sessions that run at once; of each, the messages it is sent. A message is a plan: one letter
     * for each step. L looks, K books under a key, C changes once, B looks and changes at once, A
     * asks the application, M asks and changes, F fails once and is tried again by a timer, H hangs
     * until it is cancelled; S lets the next message come in the middle of the turn.
     */
    static final List<List<List<String>>> SCRIPTS =
            List.of(
                    List.of(List.of("KC"), List.of("A", "C")),
                    List.of(List.of("BF"), List.of("LM")),
                    List.of(List.of("CK", "A"), List.of("MS", "C")),
                    List.of(List.of("F"), List.of("H", "")),
                    List.of(List.of("AA"), List.of("BSK", "L")),
                    List.of(List.of("CCC"), List.of("MF")));

    enum Kind {
        NONE,
        /** Before the statement is sent. */
        BEFORE,
        /** Between the statement and its commit, or while the statement is under way. */
        WITHIN,
        /** When the commit is durable, and before anybody here knows. */
        AFTER,
        TOOL_BEFORE,
        /** When the world has changed, and before the tool has answered. */
        TOOL_AFTER,
        /** From outside, a moment after the write. */
        KILL,
        /** Stands still for less than the lease, then goes on. */
        STOP_SHORT,
        /** Stands still for longer than the lease, then goes on as a zombie. */
        STOP_LONG;

        boolean countsTools() {
            return this == TOOL_BEFORE || this == TOOL_AFTER;
        }

        boolean fromOutside() {
            return this == KILL || this == STOP_SHORT || this == STOP_LONG;
        }
    }

    static Point calm(int script) {
        return new Point(script, Kind.NONE, 0);
    }

    String written() {
        return script + " " + kind + " " + number;
    }

    static Point read(String line) {
        String[] words = line.split(" ");
        return new Point(
                Integer.parseInt(words[0]), Kind.valueOf(words[1]), Integer.parseInt(words[2]));
    }
}
