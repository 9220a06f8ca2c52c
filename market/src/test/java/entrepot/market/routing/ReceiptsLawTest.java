package entrepot.market.routing;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Event;
import entrepot.conversation.Failed;
import entrepot.http.CallFailed.Reason;
import entrepot.http.Outgoing;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.testing.CollectingCounter;
import entrepot.market.testing.ScriptedHttp;
import entrepot.market.testing.ScriptedHttp.Reply;
import entrepot.protocols.openai.chat.ChatEnvelope;
import entrepot.protocols.openai.chat.ChatRequests;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.Script;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The laws of receipts, under random suppliers, forms of order and callers who leave: one row per
 * call made, none more; the counter is opened at most once; what is delivered comes last; no key
 * shows; whatever was taken is given back.
 */
class ReceiptsLawTest {

    private static final int ORDERS = 500;

    private static final String CATALOGUE =
            """
            suppliers:
              a: {kind: openai-compatible, base_url: https://a.example/v1, key_env: [KEY_A, KEY_B]}
              b: {kind: openai-compatible, base_url: https://b.example/v1, key_env: KEY_B}
            models:
              v/m:
                offers:
                  - {supplier: a, name: m-at-a, prices: {input: 1, output: 2}}
                  - {supplier: b, name: m-at-b}
            """;

    @Test
    void everyAttemptHasExactlyOneRow() throws Exception {
        Seeds.each(ORDERS, this::order);
    }

    private void order(Seeds seeds) {
        var http = new ScriptedHttp().always(call -> reply(seeds, call));
        var stall = new Stall(CATALOGUE, http);
        var counter = new CollectingCounter();
        if (seeds.oneIn(4)) {
            counter.leavingAfter(seeds.upTo(4));
        }
        String outcome = "returned";
        try {
            stall.broker.buy(order(seeds, stall), counter);
        } catch (Failed e) {
            outcome = "failed";
            assertThat(counter.deal()).as("nothing may be on the counter").isNull();
        } catch (InterruptedException e) {
            outcome = "left";
        }
        List<Receipt> rows = stall.ledger.all();
        String story = outcome + " " + http.hosts() + " " + rows;
        assertThat(rows).as(story).hasSize(http.calls().size());
        assertThat(rows.stream().map(Receipt::id).collect(Collectors.toSet())).hasSameSizeAs(rows);
        for (int i = 0; i < rows.size(); i++) {
            Receipt row = rows.get(i);
            boolean last = i == rows.size() - 1;
            assertThat(row.attempt()).isEqualTo(i + 1);
            assertThat(http.hosts().get(i)).startsWith(row.supplier());
            assertThat(last || row.outcome() == Outcome.FAILED).as(story).isTrue();
            assertThat(last || row.detail() != null).as(story).isTrue();
            assertThat(row.endedAt()).isAfterOrEqualTo(row.startedAt());
            assertThat(row.cost() == null).as(story).isEqualTo(row.supplier().equals("b"));
        }
        if (outcome.equals("failed")) {
            assertThat(rows.getLast().outcome()).as(story).isEqualTo(Outcome.FAILED);
        }
        if (rows.getLast().outcome() == Outcome.DELIVERED) {
            assertThat(counter.deal()).isNotNull();
            assertThat(counter.events()).noneMatch(event -> event instanceof Event.Failed);
        }
        assertThat(story).doesNotContain("sk-");
        letGo(http, story);
        assertThat(stall.capacity.orders()).isZero();
        assertThat(stall.broker.suppliers()).allMatch(health -> health.calls() == 0);
    }

    /** What is left of an answer is read on a thread of its own. */
    private static void letGo(ScriptedHttp http, String story) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!http.allLetGo()) {
            assertThat(System.nanoTime()).as(story).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static Order order(Seeds seeds, Stall stall) {
        boolean stream = seeds.oneIn(2);
        if (seeds.oneIn(3)) {
            return stall.order("v/m");
        }
        String body =
                """
                {"model":"v/m","stream":%s,"messages":[{"role":"user","content":"hi"}]}\
                """
                        .formatted(stream);
        ChatEnvelope envelope = ChatEnvelope.scan(body.getBytes(StandardCharsets.UTF_8));
        return stall.order(
                Stall.ANNA,
                "v/m",
                new Order.Verbatim(ChatRequests.DIALECT, stream, seeds.oneIn(2), envelope::splice),
                null);
    }

    private static Reply reply(Seeds seeds, Outgoing call) {
        return switch (seeds.upTo(9)) {
            case 0 -> ScriptedHttp.fails(seeds.pick(List.of(Reason.values())));
            case 1 -> error(seeds.pick(List.of(429, 500, 502, 503, 529)));
            case 2 -> error(seeds.pick(List.of(400, 401, 403, 404, 413, 422)));
            case 3 -> play(seeds, ChatScripts.answer(seeds.text(20), 10, 5), null);
            case 4 ->
                    play(
                            seeds,
                            ChatScripts.stream(10, 5, seeds.text(9), seeds.text(9)),
                            seeds.pick(List.of(Reason.BROKEN, Reason.IDLE_TIMEOUT)));
            case 5 -> ScriptedHttp.stream(seeds.text(30));
            default ->
                    new String(call.body(), StandardCharsets.UTF_8).contains("\"stream\":true")
                            ? play(seeds, ChatScripts.stream(10, 5, "one", "two", "three"), null)
                            : play(seeds, ChatScripts.answer("whole", 10, 5), null);
        };
    }

    private static Reply error(int status) {
        return ScriptedHttp.json(status, "{\"error\":{\"message\":\"sk-aaaaaaaaaa says no\"}}");
    }

    /** The script's bytes in other pieces, and perhaps not all of them. */
    private static Reply play(Seeds seeds, Script script, @Nullable Reason broken) {
        var text = new StringBuilder();
        for (Script.Step step : script.steps()) {
            if (step instanceof Script.Step.Send(byte[] bytes)) {
                text.append(new String(bytes, StandardCharsets.UTF_8));
            }
        }
        byte[] whole = text.toString().getBytes(StandardCharsets.UTF_8);
        List<byte[]> pieces = seeds.split(whole, 6);
        if (broken != null) {
            pieces = pieces.subList(0, seeds.upTo(pieces.size()));
        }
        Reply.Answer head = script.chunked() ? ScriptedHttp.stream() : ScriptedHttp.json(200, "");
        var answer = head.inPieces(pieces);
        return broken == null ? answer : answer.breaking(broken);
    }

    /** Kept so that the laws above are seen to be about something. */
    @Test
    void theRandomSuppliersDoAllKindsOfThings() throws Exception {
        Set<Outcome> seen = new HashSet<>();
        Seeds.each(
                200,
                seeds -> {
                    var stall =
                            new Stall(
                                    CATALOGUE,
                                    new ScriptedHttp().always(call -> reply(seeds, call)));
                    var counter = new CollectingCounter();
                    if (seeds.oneIn(4)) {
                        counter.leavingAfter(seeds.upTo(4));
                    }
                    try {
                        stall.broker.buy(order(seeds, stall), counter);
                    } catch (Failed | InterruptedException e) {
                        // The rows tell.
                    }
                    stall.ledger.all().forEach(row -> seen.add(row.outcome()));
                });
        assertThat(seen)
                .contains(Outcome.DELIVERED, Outcome.FAILED, Outcome.BROKEN, Outcome.CANCELLED);
    }
}
