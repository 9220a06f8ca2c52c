package entrepot.conversation;

import java.util.List;

/** A whole answer: what a stream of events adds up to. */
public record Answer(
        String answerId,
        String model,
        List<Part> parts,
        StopReason stopReason,
        Usage usage,
        Extras extras) {

    public Answer {
        parts = List.copyOf(parts);
    }
}
