package entrepot.market.supply;

import entrepot.conversation.Usage;
import entrepot.http.CallFailed;
import entrepot.http.Incoming;
import entrepot.market.Order.Verbatim;
import entrepot.protocols.StreamWire;
import entrepot.protocols.Wire;

import java.util.Locale;
import java.util.function.LongSupplier;

/** One call whose bytes pass as they are, both ways; only its usage is looked at. */
record Passage(
        Line line, Target target, Wire wire, Attempt attempt, Verbatim asked, Drains drains) {

    /**
     * Makes the call.
     *
     * @param letters of input, asked for only if the supplier tells no usage
     */
    void run(LongSupplier letters) throws CallFailed, InterruptedException {
        byte[] body = asked.splice().with(attempt.name(), asked.stream());
        attempt.tally().sent(letters);
        try (Incoming incoming = line.send(target, attempt, asked.stream(), body)) {
            if (incoming.status() / 100 != 2) {
                new Refusal(line.supplier(), wire, attempt).take(true, incoming);
            } else if (!isStream(incoming)) {
                whole(incoming);
            } else if (wire instanceof StreamWire streams) {
                new StreamRelay(attempt, streams, !asked.usageAsked(), drains).run(incoming);
            } else {
                throw Bodies.failed("The supplier answers with a stream, unasked.");
            }
        }
    }

    private static boolean isStream(Incoming incoming) {
        String type = incoming.headers().get("content-type");
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
    }

    private void whole(Incoming incoming) throws CallFailed, InterruptedException {
        byte[] body = Bodies.answer(incoming);
        Usage usage = wire.usage(body);
        if (usage != null) {
            attempt.tally().reported(usage);
        }
        attempt.tally().opened();
        attempt.counter().whole(attempt.deal(), 200, Bodies.JSON, body);
        attempt.tally().finished();
    }
}
