package entrepot.gateway.agents;

import entrepot.gateway.door.Refusals;
import entrepot.runtime.session.Cursor;

/**
 * A place in a session's stream of events: after the {@code count}-th event that the entry at a
 * cursor gave. Written {@code seq-part-count}, such as {@code 7-2-1}; it is the SSE id of that
 * event, and what {@code Last-Event-ID} and {@code ?after=} take.
 */
record Position(Cursor cursor, int count) {

    /**
     * Reads a position. A fourth number, which only the {@code event_id} of a snapshot has, is of
     * no meaning here.
     *
     * @throws entrepot.conversation.Failed naming {@code after} when it is none of ours
     */
    static Position parse(String text) {
        String[] numbers = text.split("-", 5);
        try {
            if (numbers.length == 3 || numbers.length == 4) {
                long seq = Long.parseLong(numbers[0]);
                long part = Long.parseLong(numbers[1]);
                int count = Integer.parseInt(numbers[2]);
                if (seq >= 0 && part >= 0 && count >= 0) {
                    return new Position(new Cursor(seq, part), count);
                }
            }
        } catch (NumberFormatException notANumber) {
            // Said below.
        }
        throw Refusals.value(
                "after", "it must be the id of an event of this session, such as '7-0-2'.");
    }

    @Override
    public String toString() {
        return cursor.seq() + "-" + cursor.part() + "-" + count;
    }
}
