package entrepot.gateway.agents;

import entrepot.conversation.Extras;
import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.SessionSettings;
import entrepot.runtime.session.Cursor;
import entrepot.runtime.session.Entry;
import entrepot.testkit.Seeds;

import tools.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes journals from seeds, by the grammar of {@link Fact}, with pieces between the facts. */
final class Journals {

    private final Seeds seeds;
    private final List<Entry> entries = new ArrayList<>();
    private long seq;
    private long part;
    private long atMillis = 1_790_000_000_000L;
    private int named;

    private Journals(Seeds seeds) {
        this.seeds = seeds;
    }

    static final AgentSnapshot AGENT =
            new AgentSnapshot(
                    "agent_1",
                    "briefing",
                    "entrepot/extract-1",
                    "Be brief.",
                    List.of(
                            new ToolSpec.Function(
                                    "weather",
                                    "Tells the weather.",
                                    JsonNodeFactory.instance.objectNode().put("type", "object")),
                            ToolSpec.Server.at("folder", "entrepot:folder/news", null)),
                    AgentSettings.DEFAULTS);

    /** A journal of some turns; the last may be under way. */
    static List<Entry> make(Seeds seeds) {
        var journal = new Journals(seeds);
        journal.record(
                new Fact.SessionCreated(
                        AGENT,
                        Map.of("k", "v"),
                        "team",
                        "ada",
                        "key_1",
                        SessionSettings.DEFAULT,
                        null));
        for (int turns = 1 + seeds.upTo(3); turns > 0; turns--) {
            journal.turn(turns > 1 || seeds.oneIn(2));
        }
        return journal.entries;
    }

    private void turn(boolean ends) {
        String turn = name("turn_");
        record(new Fact.TurnStarted(turn, users(), seq));
        for (int step = 1; step <= 1 + seeds.upTo(3); step++) {
            noise(turn);
            if (!call(turn, step)) {
                break;
            }
        }
        if (!ends) {
            return;
        }
        switch (seeds.upTo(2)) {
            case 0 -> record(new Fact.TurnCompleted(turn, usage()));
            case 1 -> record(new Fact.TurnFailed(turn, "server_error", "It broke.", usage()));
            default -> record(new Fact.TurnCancelled(turn, usage()));
        }
    }

    /** Returns whether the turn goes on. */
    private boolean call(String turn, int step) {
        int attempts = 1 + (seeds.oneIn(3) ? seeds.upTo(2) : 0);
        for (int attempt = 1; attempt < attempts; attempt++) {
            record(new Fact.ModelCallStarted(turn, step, attempt, name("ord_")));
            pieces(turn, step, attempt, name("msg_"), Entry.Kind.TEXT);
            if (seeds.oneIn(2)) {
                var failure = Failure.of(Failure.Cause.SUPPLIER_FAILED, "no");
                record(new Fact.ModelCallFailed(turn, step, attempt, failure, true));
            }
        }
        record(new Fact.ModelCallStarted(turn, step, attempts, name("ord_")));
        if (seeds.oneIn(8)) {
            pieces(turn, step, attempts, name("msg_"), Entry.Kind.TEXT);
            return false;
        }
        var items = new ArrayList<Fact.AnswerItem>();
        if (seeds.oneIn(3)) {
            String item = name("rs_");
            String text = pieces(turn, step, attempts, item, Entry.Kind.REASONING);
            items.add(new Fact.AnswerItem(item, new Part.Reasoning(text, null, Extras.NONE)));
        }
        if (!seeds.oneIn(4)) {
            String item = name("msg_");
            String text = pieces(turn, step, attempts, item, Entry.Kind.TEXT) + seeds.text(2);
            items.add(new Fact.AnswerItem(item, new Part.Text(text, Extras.NONE)));
        }
        var calls = new ArrayList<Fact.AnswerItem>();
        for (int left = seeds.upTo(3); left > 0; left--) {
            String tool = seeds.oneIn(2) ? "weather" : "read_file";
            var call = new Part.ToolCall(name("call_"), tool, "{\"a\":1}", Extras.NONE);
            calls.add(new Fact.AnswerItem(name("fc_"), call));
        }
        items.addAll(calls);
        StopReason stop = seeds.oneIn(6) ? StopReason.LENGTH : StopReason.END;
        record(new Fact.ModelAnswered(turn, step, attempts, items, stop, usage(), name("rcp_")));
        return !calls.isEmpty() && tools(turn, calls);
    }

    /** Results are awaited before or after our own tools run, as the seed will have it. */
    private boolean tools(String turn, List<Fact.AnswerItem> calls) {
        var awaited = new ArrayList<String>();
        var ours = new ArrayList<Fact.AnswerItem>();
        for (Fact.AnswerItem item : calls) {
            if (item.part() instanceof Part.ToolCall call && call.name().equals("weather")) {
                awaited.add(call.callId());
            } else {
                ours.add(item);
            }
        }
        boolean first = seeds.oneIn(2);
        if (first && !awaited.isEmpty()) {
            record(new Fact.ResultsAwaited(turn, awaited));
        }
        for (Fact.AnswerItem item : ours) {
            if (!tool(turn, item.itemId(), (Part.ToolCall) item.part())) {
                return false;
            }
        }
        if (!first && !awaited.isEmpty()) {
            record(new Fact.ResultsAwaited(turn, awaited));
        }
        return results(turn, awaited);
    }

    private boolean results(String turn, List<String> awaited) {
        for (String id : awaited) {
            if (seeds.oneIn(8)) {
                return false;
            }
            noise(turn);
            boolean failed = seeds.oneIn(4);
            record(
                    new Fact.ResultAccepted(
                            turn,
                            id,
                            name("fco_"),
                            failed ? List.of() : List.of(new Part.Text("sun", Extras.NONE)),
                            failed,
                            failed ? "Tool handler failed." : null,
                            seq));
        }
        return true;
    }

    private boolean tool(String turn, String itemId, Part.ToolCall call) {
        var started =
                new Fact.ToolStarted(
                        turn,
                        call.callId(),
                        itemId,
                        "folder",
                        call.name(),
                        call.arguments(),
                        name("key_"));
        record(started);
        if (seeds.oneIn(9)) {
            return false;
        }
        if (seeds.oneIn(6)) {
            record(started);
        }
        if (seeds.oneIn(5)) {
            record(new Fact.ToolOutcomeUnknown(turn, call.callId(), "its process died"));
        } else {
            var text = new Part.Text(seeds.text(5), Extras.NONE);
            boolean failed = seeds.oneIn(4);
            record(new Fact.ToolReturned(turn, call.callId(), List.of(text), failed, 3));
        }
        return true;
    }

    private void noise(String turn) {
        if (seeds.oneIn(6)) {
            record(new Fact.InputSteered(turn, users(), seq));
        }
        if (seeds.oneIn(9)) {
            record(new Fact.CancelAsked(turn, seq));
        }
        if (seeds.oneIn(9)) {
            record(new Fact.InputIgnored("tool_result", "too late", seq));
        }
        if (seeds.oneIn(9)) {
            record(new Fact.Unknown("of_tomorrow", 2, new byte[] {1}));
        }
    }

    /** Returns the pieces joined. */
    private String pieces(String turn, int step, int attempt, String item, Entry.Kind kind) {
        var joined = new StringBuilder();
        for (int left = seeds.upTo(4); left > 0; left--) {
            String text = seeds.word() + seeds.text(3);
            joined.append(text);
            var cursor = new Cursor(seq, ++part);
            entries.add(new Entry.Piece(cursor, tick(), turn, step, attempt, item, kind, text));
        }
        return joined.toString();
    }

    private List<Fact.UserItem> users() {
        var users = new ArrayList<Fact.UserItem>();
        for (int left = 1 + seeds.upTo(1); left > 0; left--) {
            var image = new Part.Image(null, "AAAA", "image/png", null, Extras.NONE);
            var text = new Part.Text(seeds.text(5), Extras.NONE);
            users.add(
                    new Fact.UserItem(
                            name("msg_"), seeds.oneIn(4) ? List.of(text, image) : List.of(text)));
        }
        return users;
    }

    private void record(Fact fact) {
        part = 0;
        entries.add(new Entry.Recorded(new Cursor(++seq, 0), tick(), fact));
    }

    private Usage usage() {
        return new Usage(
                Map.of(
                        Usage.Meter.FRESH_INPUT,
                        (long) seeds.upTo(99),
                        Usage.Meter.OUTPUT,
                        (long) seeds.upTo(99)),
                false);
    }

    private long tick() {
        return atMillis += seeds.upTo(1500);
    }

    private String name(String prefix) {
        return prefix + ++named;
    }
}
