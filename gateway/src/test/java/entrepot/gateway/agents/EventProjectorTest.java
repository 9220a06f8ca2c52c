package entrepot.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.openai.core.ObjectMappers;
import com.openai.models.beta.agents.AgentSessionEvent;

import entrepot.runtime.session.Entry;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

class EventProjectorTest {

    private static final int SEEDS = 400;
    private static final Set<String> TERMINAL =
            Set.of(
                    "agent.session.turn.completed",
                    "agent.session.turn.failed",
                    "agent.session.turn.cancelled");

    @Test
    void theOfficialTypesReadEveryEventWhole() {
        Seeds.each(
                SEEDS / 4,
                seeds -> {
                    for (StreamEvent event : events(Journals.make(seeds))) {
                        AgentSessionEvent read = read(event);
                        read.validate();
                        assertThat(read.isValid()).as(event.payload().toString()).isTrue();
                    }
                });
    }

    @Test
    void idsAreUniqueAndNameTheirPlace() {
        Seeds.each(
                SEEDS,
                seeds -> {
                    var seen = new HashSet<String>();
                    for (StreamEvent event : events(Journals.make(seeds))) {
                        assertThat(seen.add(event.eventId())).as(event.eventId()).isTrue();
                        assertThat(Position.parse(event.eventId())).isEqualTo(event.position());
                    }
                });
    }

    @Test
    void fromEveryEventAReaderGoesOnWithoutGapOrRepeat() {
        Seeds.each(
                SEEDS / 10,
                seeds -> {
                    List<Entry> journal = Journals.make(seeds);
                    List<StreamEvent> whole = events(journal);
                    for (int i = 0; i < whole.size(); i++) {
                        Position at = whole.get(i).position();
                        assertThat(after(journal, at))
                                .isEqualTo(whole.subList(i + 1, whole.size()));
                    }
                });
    }

    /** E15, E25, E28, E29: idle never comes in the middle, nor says that something is required. */
    @Test
    void eachTurnHasOneEndAndIdleComesRightAfterIt() {
        Seeds.each(
                SEEDS,
                seeds -> {
                    String open = "";
                    String before = "";
                    var ended = new HashSet<String>();
                    for (StreamEvent event : events(Journals.make(seeds))) {
                        String turn = event.payload().path("turn_id").asString("");
                        assertThat(ended).as("nothing follows a turn's end").doesNotContain(turn);
                        if (event.type().equals("agent.session.turn.created")) {
                            assertThat(open).isEmpty();
                            open = turn;
                        }
                        if (TERMINAL.contains(event.type())) {
                            assertThat(turn).isEqualTo(open);
                            open = "";
                            ended.add(turn);
                        }
                        assertThat(event.type().equals("agent.session.idle"))
                                .isEqualTo(TERMINAL.contains(before));
                        before = event.type();
                    }
                });
    }

    @Test
    void eachTurnBeginsInTheOrderThatClientsRelyOn() {
        Seeds.each(
                SEEDS,
                seeds -> {
                    List<String> types =
                            events(Journals.make(seeds)).stream().map(StreamEvent::type).toList();
                    assertThat(types.getFirst()).isEqualTo("agent.session.created");
                    for (int i = 0; i < types.size(); i++) {
                        if (!types.get(i).equals("agent.session.turn.created")) {
                            continue;
                        }
                        int at = i + 1;
                        while (types.get(at).equals("agent.session.turn.item.added")) {
                            at++;
                        }
                        assertThat(at).as("user items").isGreaterThan(i + 1);
                        assertThat(types.get(at)).isEqualTo("agent.session.in_progress");
                        assertThat(types.get(at + 1)).isEqualTo("agent.session.turn.in_progress");
                    }
                });
    }

    @Test
    void everySessionTellsWhatItRequires() {
        Seeds.each(
                SEEDS,
                seeds -> {
                    var open = new LinkedHashSet<String>();
                    for (StreamEvent event : events(Journals.make(seeds))) {
                        JsonNode item = event.payload().path("item");
                        if (item.path("type").asString("").equals("function_call")) {
                            String call = item.get("call_id").stringValue();
                            if (event.type().endsWith(".added")) {
                                open.add(call);
                            } else {
                                open.remove(call);
                            }
                        }
                        JsonNode session = event.payload().get("session");
                        if (session == null) {
                            continue;
                        }
                        var required = new ArrayList<String>();
                        session.get("required_actions")
                                .forEach(a -> required.add(a.get("call_id").stringValue()));
                        assertThat(required).containsExactlyElementsOf(open);
                        assertThat(session.get("status").stringValue().equals("requires_action"))
                                .isEqualTo(!open.isEmpty());
                    }
                });
    }

    /** E31: what was shown live is what the item's end says. */
    @Test
    void itemsAreAddedThenGrowThenEndOnceUnderOneIndex() {
        Seeds.each(
                SEEDS,
                seeds -> {
                    var items = new HashMap<String, ItemLaw>();
                    boolean underWay = true;
                    for (StreamEvent event : events(Journals.make(seeds))) {
                        JsonNode payload = event.payload();
                        if (payload.path("output_index").isInt()) {
                            String item = payload.path("item_id").asString("");
                            if (item.isEmpty()) {
                                item = payload.get("item").get("id").stringValue();
                            }
                            items.computeIfAbsent(item, ItemLaw::new).accept(event);
                        }
                        if (event.type().equals("agent.session.idle")) {
                            underWay = false;
                        } else if (event.type().equals("agent.session.in_progress")) {
                            underWay = true;
                        }
                    }
                    Map<String, Long> places = new HashMap<>();
                    for (ItemLaw law : items.values()) {
                        places.merge(law.place, 1L, Long::sum);
                        assertThat(law.done || underWay).as(law.id + " ended").isTrue();
                    }
                    assertThat(places.values()).allMatch(count -> count == 1);
                });
    }

    @Test
    void whoJoinsLateIsShownWhatIsOpenAndNothingElse() {
        Seeds.each(
                SEEDS / 10,
                seeds -> {
                    List<Entry> journal = Journals.make(seeds);
                    var projector = new EventProjector("sess_1");
                    var open = new HashSet<String>();
                    for (Entry entry : journal) {
                        projector.project(entry).forEach(event -> note(event, open));
                        Position here = projector.position();
                        var shown = new HashSet<String>();
                        for (StreamEvent event : projector.snapshot()) {
                            assertThat(event.position()).isEqualTo(here);
                            assertThat(event.type()).doesNotContain("turn.created", "idle");
                            read(event).validate();
                            note(event, shown);
                        }
                        assertThat(shown).isEqualTo(open);
                        assertThat(projector.position()).isEqualTo(here);
                    }
                });
    }

    /** Keeps the set of open output items. */
    private static void note(StreamEvent event, Set<String> open) {
        JsonNode payload = event.payload();
        if (payload.path("output_index").isInt() && payload.has("item")) {
            String id = payload.get("item").get("id").stringValue();
            if (event.type().endsWith(".added")) {
                open.add(id);
            } else {
                open.remove(id);
            }
        }
    }

    /** What one item's events must keep to. */
    private static final class ItemLaw {
        private final String id;
        private final StringBuilder text = new StringBuilder();
        private String place = "";
        private boolean added;
        private boolean done;

        private ItemLaw(String id) {
            this.id = id;
        }

        private void accept(StreamEvent event) {
            JsonNode payload = event.payload();
            String here =
                    payload.get("turn_id").stringValue()
                            + " "
                            + payload.get("output_index").intValue();
            assertThat(done).as("%s after its end", event.type()).isFalse();
            if (event.type().equals("agent.session.turn.item.added")) {
                assertThat(added).isFalse();
                added = true;
                place = here;
                return;
            }
            assertThat(added).as("%s before it was added", event.type()).isTrue();
            assertThat(here).isEqualTo(place);
            if (event.type().endsWith(".delta")) {
                text.append(payload.get("delta").stringValue());
            }
            if (event.type().endsWith("_text.done")) {
                assertThat(payload.get("text").stringValue()).isEqualTo(text.toString());
            }
            if (event.type().equals("agent.session.turn.item.done")) {
                done = true;
                assertThat(payload.get("item").get("status").stringValue())
                        .isNotEqualTo("in_progress");
            }
        }
    }

    private static List<StreamEvent> events(List<Entry> journal) {
        var projector = new EventProjector("sess_1");
        var events = new ArrayList<StreamEvent>();
        journal.forEach(entry -> events.addAll(projector.project(entry)));
        return events;
    }

    /** What a reader gets who went away after an event: as the stream computes it. */
    private static List<StreamEvent> after(List<Entry> journal, Position at) {
        var projector = new EventProjector("sess_1");
        var events = new ArrayList<StreamEvent>();
        for (Entry entry : journal) {
            List<StreamEvent> given = projector.project(entry);
            int order = entry.cursor().compareTo(at.cursor());
            if (order == 0) {
                events.addAll(given.subList(at.count(), given.size()));
            } else if (order > 0) {
                events.addAll(given);
            }
        }
        return events;
    }

    private static AgentSessionEvent read(StreamEvent event) throws JsonProcessingException {
        return ObjectMappers.jsonMapper()
                .readValue(event.payload().toString(), AgentSessionEvent.class);
    }
}
