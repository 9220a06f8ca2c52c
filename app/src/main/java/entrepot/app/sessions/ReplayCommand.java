package entrepot.app.sessions;

import entrepot.app.books.Desk;
import entrepot.app.books.ServerFlags;
import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;
import entrepot.gateway.agents.SessionJson;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.replay.Rerun;
import entrepot.runtime.turn.Limits;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code entrepot sessions replay}. */
@Command(
        name = "replay",
        description = {
            "Runs a session again from its journal, calling nothing.",
            "Answers, results and input are taken from the journal; every decision is made anew"
                    + " and must be the recorded one, and the items must come out the same.",
            "Exit code: 0 the same, 1 different."
        })
public final class ReplayCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A session that is at work grows while it is read. */
    private static final int READS_MAX = 5;

    private final Desk desk;

    @Mixin ServerFlags server = new ServerFlags();

    @Parameters(paramLabel = "SESSION", description = "its id")
    String session = "";

    @Option(names = "--json", description = "as JSON")
    boolean json;

    public ReplayCommand(Desk desk) {
        this.desk = desk;
    }

    /** What a server holds of a session, all of it of one moment. */
    private record Held(List<Journal.Recorded> facts, List<JsonNode> items, boolean still) {}

    /** How the items compare: in words, and whether they are the same. */
    private record Compared(String said, boolean same) {}

    @Override
    public Integer call() throws ApiFailed, InterruptedException {
        Held held;
        try (Api api = server.connect(desk)) {
            held = read(api);
        }
        Rerun rerun = Rerun.of(held.facts(), Limits.DEFAULT);
        Compared items = compare(held, rerun);
        if (json) {
            desk.print(told(rerun, items).toPrettyString());
        } else {
            print(rerun, items);
        }
        return rerun.difference() == null && items.same() ? 0 : 1;
    }

    private Held read(Api api) throws ApiFailed, InterruptedException {
        List<Journal.Recorded> facts = new ArrayList<>(JournalReader.facts(api, session, 0));
        List<JsonNode> items = List.of();
        for (int read = 0; read < READS_MAX; read++) {
            items = JournalReader.items(api, session);
            JsonNode state = api.get(JournalReader.path(session));
            List<Journal.Recorded> more = JournalReader.facts(api, session, facts.size());
            if (more.isEmpty()) {
                boolean writing = state.path("status").asString("").equals("in_progress");
                return new Held(facts, items, !writing);
            }
            facts.addAll(more);
        }
        return new Held(facts, items, false);
    }

    private static Compared compare(Held held, Rerun rerun) {
        if (rerun.difference() != null) {
            return new Compared("not compared: the journal does not run again alike", true);
        }
        if (!held.still()) {
            return new Compared("not compared: the session is at work", true);
        }
        List<JsonNode> here = new ArrayList<>();
        // Written and read as the server's are: numbers then have one form.
        rerun.items().forEach(item -> here.add(JSON.readTree(SessionJson.item(item).toString())));
        for (int at = 0; at < Math.min(here.size(), held.items().size()); at++) {
            if (!here.get(at).equals(held.items().get(at))) {
                return new Compared(
                        "item "
                                + (at + 1)
                                + " differs: rerun "
                                + here.get(at)
                                + ", server "
                                + held.items().get(at),
                        false);
            }
        }
        return here.size() == held.items().size()
                ? new Compared("same " + here.size() + " items", true)
                : new Compared(
                        here.size() + " items in the rerun, " + held.items().size() + " there",
                        false);
    }

    private void print(Rerun rerun, Compared items) {
        desk.print("%6s  %-8s  %-18s  %s".formatted("SEQ", "ORIGIN", "FACT", "ABOUT"));
        for (Rerun.Step step : rerun.steps()) {
            desk.print(
                    "%6d  %-8s  %-18s  %s"
                            .formatted(step.seq(), word(step.origin()), step.fact(), step.about()));
        }
        Rerun.Difference difference = rerun.difference();
        if (difference != null) {
            desk.print("different at " + difference.seq());
            desk.print("  expected: " + difference.expected());
            desk.print("  recorded: " + difference.recorded());
            return;
        }
        desk.print("next: " + rerun.next());
        desk.print(items.said());
    }

    private ObjectNode told(Rerun rerun, Compared items) {
        ObjectNode told = JsonNodeFactory.instance.objectNode().put("session_id", session);
        ArrayNode steps = told.putArray("steps");
        for (Rerun.Step step : rerun.steps()) {
            steps.addObject()
                    .put("seq", step.seq())
                    .put("origin", word(step.origin()))
                    .put("fact", step.fact())
                    .put("about", step.about());
        }
        told.put("next", rerun.next()).put("items", items.said());
        told.put("same", rerun.difference() == null && items.same());
        Rerun.@Nullable Difference difference = rerun.difference();
        if (difference != null) {
            told.putObject("difference")
                    .put("seq", difference.seq())
                    .put("expected", difference.expected())
                    .put("recorded", difference.recorded());
        }
        return told;
    }

    private static String word(Rerun.Origin origin) {
        return origin.name().toLowerCase(Locale.ROOT);
    }
}
