package entrepot.runtime.faults;

import entrepot.conversation.Part;
import entrepot.identity.Caller;
import entrepot.market.Receipt;
import entrepot.market.ledger.Ledger;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.session.Cursor;
import entrepot.runtime.session.Entry;
import entrepot.runtime.session.Sessions;
import entrepot.store.Database;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What holds of a tenant's sessions when all have come to rest, whatever happened before. Told by
 * the tables on one side and by those outside on the other.
 *
 * @param zombies whether a process may have stood still and come back: then a use of a tool that
 *     may be repeated can be later than its recorded result
 */
record Laws(
        Database database,
        Ledger ledger,
        Sessions sessions,
        Caller caller,
        Outside outside,
        boolean zombies) {

    private static final int READ_MAX = 1_000;

    /** A law that does not hold. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(String law, String what) {
            super(law + ": " + what);
        }
    }

    private static void require(boolean holds, String law, String what) {
        if (!holds) {
            throw new Broken(law, what);
        }
    }

    /**
     * @param script the messages that each session was to be sent
     */
    void hold(List<List<String>> script) {
        List<String> ids = outside.sessions();
        require(ids.size() == script.size(), "EveryRequestIsOneSession", ids + " for " + script);
        require(made() == script.size(), "EveryRequestIsOneSession", made() + " were made");
        Set<String> intents = new HashSet<>();
        Set<String> accepted = new TreeSet<>();
        for (String id : ids) {
            List<Entry> entries = everything(id);
            List<Fact> facts = facts(entries);
            noFactIsLost(id, facts.size());
            require(isAtRest(id), "SessionsAtRestHoldNothing", id);
            everyAcceptedInputIsAnswered(id, facts);
            oneTerminalPerTurn(id, facts);
            noEffectTwice(id, entries, intents);
            streamHasNoGapAndNoRepeat(id, entries);
            moneyIsConserved(id, facts);
            accepted.addAll(outside.accepted(id));
        }
        long messages = script.stream().mapToLong(List::size).sum();
        require(accepted.size() == messages, "EveryMessageWasSent", accepted + " for " + script);
        for (Outside.Effect effect : outside.effects()) {
            require(intents.contains(effect.key()), "IntentBeforeEffect", effect.toString());
        }
    }

    private long made() {
        return database.read(sql ->
                sql.one(
                                "select count(*) as n from session where tenant = ?",
                                row -> row.number("n"),
                                caller.tenant())
                        .orElseThrow());
    }

    private List<Entry> everything(String id) {
        List<Entry> all = new ArrayList<>();
        List<Entry> more;
        do {
            Cursor from = all.isEmpty() ? Cursor.START : all.getLast().cursor();
            more = sessions.recorded(caller, id, from, READ_MAX);
            all.addAll(more);
        } while (!more.isEmpty());
        return all;
    }

    private static List<Fact> facts(List<Entry> entries) {
        List<Fact> facts = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry instanceof Entry.Recorded recorded) {
                facts.add(recorded.fact());
            }
        }
        return facts;
    }

    /** The journal is one line without holes, and ownership only ever moves on. */
    private void noFactIsLost(String id, int count) {
        List<long[]> rows =
                database.read(sql ->
                        sql.query(
                                "select f.seq, f.epoch, s.head from fact f join session s"
                                        + " on s.tenant = f.tenant and s.id = f.session where"
                                        + " f.tenant = ? and f.session = ? order by f.seq",
                                row ->
                                        new long[] {
                                            row.number("seq"),
                                            row.number("epoch"),
                                            row.number("head")
                                        },
                                caller.tenant(),
                                id));
        require(rows.size() == count, "NoFactIsLost", id + " shows " + count + " facts");
        long epoch = 0;
        for (int i = 0; i < rows.size(); i++) {
            long[] row = rows.get(i);
            require(row[0] == i + 1, "NoFactIsLost", id + " has a gap before " + row[0]);
            require(row[1] >= epoch, "EpochsOnlyGrow", id + " at " + row[0]);
            require(row[2] == rows.size(), "HeadIsTheLastFact", id + " has head " + row[2]);
            epoch = row[1];
        }
    }

    /** Whether nobody holds a session and nothing of it is due. */
    boolean isAtRest(String id) {
        return database.read(sql ->
                sql.one(
                                "select id from session where tenant = ? and id = ? and"
                                        + " owner is null and wake_ms is null and"
                                        + " inbox_head = inbox_seen",
                                row -> true,
                                caller.tenant(),
                                id)
                        .orElse(false));
    }

    /** Each accepted message is in the journal once, and its turn has an end. */
    private void everyAcceptedInputIsAnswered(String id, List<Fact> facts) {
        List<String> taken = new ArrayList<>();
        for (Fact fact : facts) {
            List<Fact.UserItem> input =
                    fact instanceof Fact.TurnStarted it
                            ? it.input()
                            : fact instanceof Fact.InputSteered it ? it.input() : List.of();
            input.forEach(item -> taken.add(((Part.Text) item.parts().getFirst()).text()));
        }
        List<String> told = outside.accepted(id);
        require(
                taken.size() == told.size() && new HashSet<>(taken).equals(new HashSet<>(told)),
                "EveryAcceptedInputIsAnswered",
                id + " was told " + told + " and has " + taken);
    }

    private static void oneTerminalPerTurn(String id, List<Fact> facts) {
        Set<String> open = new HashSet<>();
        Set<String> ended = new HashSet<>();
        for (Fact fact : facts) {
            String turn = turn(fact);
            if (turn.isEmpty()) {
                continue;
            }
            require(!ended.contains(turn), "NothingAfterTheEnd", id + " has " + fact);
            open.add(turn);
            if (fact instanceof Fact.TurnCompleted
                    || fact instanceof Fact.TurnFailed
                    || fact instanceof Fact.TurnCancelled) {
                open.remove(turn);
                ended.add(turn);
            }
        }
        require(open.isEmpty(), "OneTerminalPerTurn", id + " has open turns " + open);
    }

    private static String turn(Fact fact) {
        for (RecordComponent each : fact.getClass().getRecordComponents()) {
            if (each.getName().equals("turnId") && !(fact instanceof Fact.InputIgnored)) {
                try {
                    Object turn = each.getAccessor().invoke(fact);
                    return turn instanceof String text ? text : "";
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return "";
    }

    private void noEffectTwice(String id, List<Entry> entries, Set<String> intents) {
        Map<String, Fact.ToolStarted> started = new HashMap<>();
        Map<String, Long> results = new HashMap<>();
        Map<String, Long> returned = new HashMap<>();
        for (Entry entry : entries) {
            if (!(entry instanceof Entry.Recorded recorded)) {
                continue;
            }
            Fact fact = recorded.fact();
            if (fact instanceof Fact.ToolStarted it) {
                String call = it.turnId() + "/" + it.callId();
                require(started.put(call, it) == null, "OneIntentPerCall", id + " has " + it);
                require(intents.add(it.key()), "OneKeyPerCall", id + " has " + it);
            } else if (fact instanceof Fact.ToolReturned it) {
                results.merge(it.turnId() + "/" + it.callId(), 1L, Long::sum);
                returned.put(it.turnId() + "/" + it.callId(), recorded.atMillis());
            } else if (fact instanceof Fact.ToolOutcomeUnknown it) {
                results.merge(it.turnId() + "/" + it.callId(), 1L, Long::sum);
            }
        }
        results.forEach((call, count) -> require(count == 1, "OneResultPerCall", id + " " + call));
        List<Outside.Effect> effects = outside.effects();
        started.forEach((call, intent) -> {
            List<Outside.Effect> did =
                    effects.stream().filter(each -> each.key().equals(intent.key())).toList();
            Long known = returned.get(call);
            String what = id + " " + intent + " had " + did;
            require(known == null || !did.isEmpty(), "ResultsAreReal", what);
            if (intent.name().equals(Effects.CHANGE)) {
                require(did.size() <= 1, "NoEffectTwice", what);
            }
            if (known != null && !zombies) {
                require(
                        did.stream().allMatch(each -> each.atMillis() <= known + 1),
                        "WhatIsRecordedIsNotDoneAgain",
                        what + ", known at " + known);
            }
        });
    }

    private void streamHasNoGapAndNoRepeat(String id, List<Entry> entries) {
        List<Cursor> seen = outside.seen(id);
        List<Cursor> all = entries.stream().map(Entry::cursor).toList();
        require(seen.equals(all), "StreamHasNoGapAndNoRepeat", id + " saw " + seen + " of " + all);
    }

    /** Each recorded answer was paid for once, and nothing was bought without an intent. */
    private void moneyIsConserved(String id, List<Fact> facts) {
        Map<String, Receipt> receipts = new HashMap<>();
        for (Receipt receipt : ledger.ofSession(caller.tenant(), id)) {
            require(receipts.put(receipt.id(), receipt) == null, "OneRowPerReceipt", receipt.id());
        }
        Set<String> orders = new HashSet<>();
        Set<String> used = new HashSet<>();
        for (Fact fact : facts) {
            if (fact instanceof Fact.ModelCallStarted started) {
                require(orders.add(started.orderId()), "OneOrderPerAttempt", started.toString());
            } else if (fact instanceof Fact.ModelAnswered answered) {
                Receipt receipt = receipts.get(answered.receiptId());
                if (receipt == null) {
                    throw new Broken("MoneyIsConserved", id + " has no receipt of " + answered);
                }
                require(used.add(answered.receiptId()), "OneReceiptPerAnswer", answered.toString());
                require(
                        receipt.outcome() == Receipt.Outcome.DELIVERED
                                && receipt.usage().equals(answered.usage()),
                        "MoneyIsConserved",
                        receipt + " for " + answered);
            }
        }
        for (Receipt receipt : receipts.values()) {
            require(orders.contains(receipt.orderId()), "IntentBeforeMoney", receipt.toString());
        }
    }
}
