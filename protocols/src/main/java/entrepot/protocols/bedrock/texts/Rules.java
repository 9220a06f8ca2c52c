package entrepot.protocols.bedrock.texts;

import java.util.function.UnaryOperator;

/**
 * What a form of conversations can hold.
 *
 * @param alternating whether users and assistants take turns, a user first
 * @param trimmed whether blanks at the ends of texts are lost
 * @param prefilled whether the answer's beginning may be given
 * @param defused a text with nothing left in it that the form would take for a mark of its own
 */
record Rules(
        Systems systems,
        boolean alternating,
        boolean trimmed,
        boolean prefilled,
        UnaryOperator<String> defused) {

    /** The same rules, with more that would be taken for a mark. */
    Rules defusing(UnaryOperator<String> more) {
        return new Rules(
                systems, alternating, trimmed, prefilled, text -> more.apply(defused.apply(text)));
    }

    /** Where instructions have a place. */
    enum Systems {
        NOWHERE,
        FIRST,
        ANYWHERE
    }
}
