package entrepot.protocols;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Extras;
import entrepot.conversation.Logprob;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Cuts an answer before the first stop sequence in its text, for suppliers that cannot be told any.
 *
 * <p>The answer ends where the first of them is complete, however the text is cut into deltas: what
 * may yet become one is held back. What the supplier says after it is read and dropped, so that its
 * usage, which it bills, is still known.
 */
public final class StopCut implements EventSink {

    private final List<String> stops;
    private final EventSink sink;

    /** Calls whose last event has not come. */
    private final Set<Integer> calls = new HashSet<>();

    /** What of the running part has been told. */
    private final StringBuilder told = new StringBuilder();

    private final List<Logprob> toldTokens = new ArrayList<>();

    /** What follows it: the beginning of a stop, perhaps. */
    private final StringBuilder held = new StringBuilder();

    private final ArrayDeque<Logprob> heldTokens = new ArrayDeque<>();

    /** Letters that were told and belong to the first of the held tokens. */
    private int lettersAhead;

    private boolean cut;
    private boolean finished;

    private StopCut(EventSink sink, List<String> stops) {
        this.sink = sink;
        this.stops = stops;
    }

    /** A sink that cuts; the sink itself when there is nothing to look for. */
    public static EventSink before(EventSink sink, List<String> stops) {
        List<String> sought = stops.stream().filter(stop -> !stop.isEmpty()).toList();
        return sought.isEmpty() ? sink : new StopCut(sink, sought);
    }

    @Override
    public void accept(Event event) throws InterruptedException {
        if (cut) {
            afterwards(event);
            return;
        }
        switch (event) {
            case Event.TextDelta delta -> text(delta.index(), delta.text(), delta.logprobs());
            case Event.PartFinished finishing -> part(finishing);
            case Event.ToolCallStarted call -> {
                calls.add(call.index());
                sink.accept(event);
            }
            default -> sink.accept(event);
        }
    }

    /** Calls that were begun come to their end; of all else only the usage is still told. */
    private void afterwards(Event event) throws InterruptedException {
        switch (event) {
            case Event.ToolCallDelta delta when calls.contains(delta.index()) -> sink.accept(event);
            case Event.PartFinished part when calls.remove(part.index()) -> {
                sink.accept(event);
                finish();
            }
            case Event.UsageReported _ -> sink.accept(event);
            case Event.Failed _ when !finished -> sink.accept(event);
            default -> {
                // It follows the stop sequence.
            }
        }
    }

    private void part(Event.PartFinished part) throws InterruptedException {
        calls.remove(part.index());
        if (!(part.part() instanceof Part.Text text)) {
            sink.accept(part);
            return;
        }
        int seen = told.length() + held.length();
        if (seen < text.text().length()) {
            List<Logprob> tokens =
                    text.logprobs().stream().skip(toldTokens.size() + heldTokens.size()).toList();
            text(part.index(), text.text().substring(seen), tokens);
        }
        if (!cut) {
            tell(part.index(), held.length());
            sink.accept(part);
            forget();
        }
    }

    private void text(int index, String piece, List<Logprob> tokens) throws InterruptedException {
        heldTokens.addAll(tokens);
        for (int i = 0; i < piece.length(); i++) {
            held.append(piece.charAt(i));
            int stop = stop();
            if (stop > 0) {
                tell(index, held.length() - stop);
                cut(index);
                return;
            }
        }
        tell(index, held.length() - opening());
    }

    /** The length of the stop sequence that has just come to its end; 0 when none has. */
    private int stop() {
        int longest = 0;
        for (String stop : stops) {
            if (stop.length() > longest && endsWith(stop, stop.length())) {
                longest = stop.length();
            }
        }
        return longest;
    }

    /** How much of the end may be the beginning of a stop sequence. */
    private int opening() {
        int longest = 0;
        for (String stop : stops) {
            int most = Math.min(stop.length() - 1, held.length());
            for (int length = most; length > longest; length--) {
                if (endsWith(stop, length)) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    private boolean endsWith(String stop, int length) {
        int from = held.length() - length;
        if (from < 0) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (held.charAt(from + i) != stop.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Tells the first letters of what is held, with the tokens that end among them. */
    private void tell(int index, int letters) throws InterruptedException {
        if (letters == 0) {
            return;
        }
        String text = held.substring(0, letters);
        held.delete(0, letters);
        told.append(text);
        var tokens = new ArrayList<Logprob>();
        int at = -lettersAhead;
        while (!heldTokens.isEmpty() && at + heldTokens.peek().token().length() <= letters) {
            Logprob token = heldTokens.remove();
            at += token.token().length();
            tokens.add(token);
        }
        lettersAhead = heldTokens.isEmpty() ? 0 : letters - at;
        toldTokens.addAll(tokens);
        sink.accept(new Event.TextDelta(index, text, tokens));
    }

    private void cut(int index) throws InterruptedException {
        cut = true;
        if (!told.isEmpty()) {
            var text = new Part.Text(told.toString(), toldTokens, Extras.NONE);
            sink.accept(new Event.PartFinished(index, text));
        }
        forget();
        finish();
    }

    private void finish() throws InterruptedException {
        if (calls.isEmpty() && !finished) {
            finished = true;
            sink.accept(new Event.Finished(StopReason.STOP_SEQUENCE));
        }
    }

    private void forget() {
        told.setLength(0);
        held.setLength(0);
        toldTokens.clear();
        heldTokens.clear();
        lettersAhead = 0;
    }
}
