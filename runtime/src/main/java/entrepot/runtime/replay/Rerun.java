package entrepot.runtime.replay;

import entrepot.runtime.journal.Journal;
import entrepot.runtime.session.View;
import entrepot.runtime.turn.Limits;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A session run again from its journal. Input, answers of models, results of tools, the words of
 * people and the time are taken from what was recorded; all else is decided anew and must come out
 * as it was recorded.
 *
 * @param steps in order, up to the first difference
 * @param turns what the rerun's own facts add up to
 * @param items the same
 * @param next what would come after the last fact, in words
 * @param difference the first; null when there is none
 */
public record Rerun(
        List<Step> steps,
        List<View.Turn> turns,
        List<View.Item> items,
        String next,
        @Nullable Difference difference) {

    public Rerun {
        steps = List.copyOf(steps);
        turns = List.copyOf(turns);
        items = List.copyOf(items);
    }

    /** Where a fact of the rerun comes from. */
    public enum Origin {
        /** Somebody outside said it. */
        INPUT,
        /** The state and the input leave no other. */
        DECIDED,
        /** It is what became of something decided. */
        OUTCOME,
        /** It is of a newer version, and kept as it is. */
        KEPT
    }

    /**
     * @param seq of the fact
     * @param fact its kind, such as {@code ModelAnswered}
     * @param about whose turn and call, in words
     */
    public record Step(long seq, Origin origin, String fact, String about) {}

    /**
     * @param seq where the recorded fact stands
     * @param expected what the rerun comes to
     * @param recorded what the journal has instead
     */
    public record Difference(long seq, String expected, String recorded) {}

    /**
     * Runs a journal again.
     *
     * @param journal from its first fact on
     * @param limits of the server that wrote it
     */
    public static Rerun of(List<Journal.Recorded> journal, Limits limits) {
        return new Redriver(journal, limits).run();
    }
}
