package entrepot.runtime.responses;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.runtime.responses.ResponseStore.Held;
import entrepot.runtime.responses.StoredResponse.Origin;
import entrepot.runtime.responses.StoredResponse.Status;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.testkit.SettableClock;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is kept of responses and conversations, on either database. */
abstract class ResponseStoreContract {

    private static final Origin ORIGIN = new Origin("team", "anna", "key_1");
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final KeepSettings SETTINGS =
            new KeepSettings(RETENTION, Duration.ofSeconds(30), Duration.ofMillis(20));

    private final SettableClock clock = SettableClock.at("2026-11-20T10:00:00Z");
    @TempDir Path folder;
    private Database database;
    private ResponseStore store;
    private ConversationStore conversations;

    abstract Database open(Path folder);

    @BeforeEach
    void openDatabase() {
        database = open(folder);
        database.migrate(List.of(ResponseStore.MIGRATIONS));
        store = new ResponseStore(database, clock, SETTINGS);
        conversations = new ConversationStore(database, clock, SETTINGS);
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    @Test
    void aResponseIsFoundByItsTenantOnly() {
        answered("acme", "resp_1", null);

        assertThat(store.find(key("acme", "resp_1")))
                .get()
                .satisfies(found -> {
                    assertThat(found.status()).isEqualTo(Status.COMPLETED);
                    assertThat(found.body()).isEqualTo("{\"done\":\"resp_1\"}");
                    assertThat(found.origin()).isEqualTo(ORIGIN);
                    assertThat(found.held()).isFalse();
                });
        assertThat(store.find(key("other", "resp_1"))).isEmpty();
        assertThat(store.context(key("other", "resp_1"))).isEmpty();
        assertThat(store.events(key("other", "resp_1"), -1)).isEmpty();
        assertThat(store.item("other", "in_resp_1")).isEmpty();
        assertThat(store.delete(key("other", "resp_1"))).isFalse();
        assertThat(store.find(key("acme", "resp_1"))).isPresent();
    }

    @Test
    void whatContinuesAResponseIsMadeFromAllThatCameBefore() {
        answered("acme", "resp_1", null);
        answered("acme", "resp_2", "resp_1");
        answered("acme", "resp_3", "resp_2");
        answered("acme", "resp_4", "resp_1");

        assertThat(ids(store.context(key("acme", "resp_3"))))
                .containsExactly(
                        "in_resp_1",
                        "out_resp_1",
                        "in_resp_2",
                        "out_resp_2",
                        "in_resp_3",
                        "out_resp_3");
        assertThat(ids(store.input(key("acme", "resp_3"))))
                .containsExactly("in_resp_1", "out_resp_1", "in_resp_2", "out_resp_2", "in_resp_3");
        assertThat(ids(store.input(key("acme", "resp_4"))))
                .containsExactly("in_resp_1", "out_resp_1", "in_resp_4");
    }

    @Test
    void aDeletedResponseIsOutOfSightButWhatBuildsOnItKeepsItsWholeContext() {
        answered("acme", "resp_1", null);
        answered("acme", "resp_2", "resp_1");

        assertThat(store.delete(key("acme", "resp_1"))).isTrue();

        assertThat(store.find(key("acme", "resp_1"))).isEmpty();
        assertThat(store.delete(key("acme", "resp_1"))).isFalse();
        assertThat(store.item("acme", "in_resp_1")).isEmpty();
        assertThat(store.context(key("acme", "resp_2"))).hasSize(4);
        assertThat(rows("response_item")).isEqualTo(4);

        assertThat(store.delete(key("acme", "resp_2"))).isTrue();
        assertThat(rows("response")).isZero();
        assertThat(rows("response_item")).isZero();
        assertThat(rows("response_event")).isZero();
    }

    @Test
    void whatIsOverIsOutOfSightAtOnceAndSweptFromItsEndBackwards() {
        answered("acme", "resp_1", null);
        clock.advance(RETENTION.minusDays(1));
        answered("acme", "resp_2", "resp_1");
        clock.advance(Duration.ofDays(1));

        assertThat(store.find(key("acme", "resp_1"))).isEmpty();
        assertThat(store.sweep()).isZero();
        assertThat(store.context(key("acme", "resp_2"))).hasSize(4);

        clock.advance(RETENTION);
        assertThat(store.sweep()).isEqualTo(2);
        assertThat(rows("response")).isZero();
        assertThat(rows("response_item")).isZero();
        assertThat(rows("response_event")).isZero();
    }

    @Test
    void eventsAreReadFromANumberOn() {
        var key = key("acme", "resp_1");
        long epoch = store.create(fresh(key, null, null, events(0, 1)));
        assertThat(store.append(key, epoch, events(2, 3, 4))).isTrue();

        assertThat(store.events(key, -1)).isEqualTo(events(0, 1, 2, 3, 4));
        assertThat(store.events(key, 2)).isEqualTo(events(3, 4));
        assertThat(store.events(key, 4)).isEmpty();
    }

    @Test
    void whoeverDoesNotHoldAResponseAnyMoreWritesNothing() {
        var key = key("acme", "resp_1");
        long epoch = store.create(fresh(key, null, null, events(0)));

        assertThat(
                        store.stop(
                                key,
                                epoch,
                                Status.CANCELLED,
                                "{\"by\":\"hand\"}",
                                n -> "[" + n + "]"))
                .isTrue();

        assertThat(store.append(key, epoch, events(5))).isFalse();
        assertThat(store.begin(key, epoch, "{}", events(5))).isFalse();
        assertThat(store.end(key, epoch, ending(key, events(5)))).isFalse();
        assertThat(store.stop(key, epoch, Status.FAILED, "{}", n -> "{}")).isFalse();
        assertThat(store.find(key).orElseThrow().body()).isEqualTo("{\"by\":\"hand\"}");
        assertThat(store.events(key, 0)).containsExactly(new StoredEvent(1, "[1]"));
        assertThat(store.beat(List.of(new Held(key, epoch)))).containsExactly(new Held(key, epoch));
    }

    @Test
    void workIsTakenOverOnceWhenNobodyBeatsForIt() {
        var key = key("acme", "resp_1");
        var held = new Held(key, store.create(fresh(key, null, null, events(0))));
        clock.advance(Duration.ofSeconds(29));
        assertThat(store.beat(List.of(held))).isEmpty();
        clock.advance(Duration.ofSeconds(29));
        assertThat(store.takeOver(10)).isEmpty();

        clock.advance(Duration.ofSeconds(1));
        List<StoredResponse> taken = store.takeOver(10);

        assertThat(taken).hasSize(1);
        assertThat(taken.getFirst().epoch()).isGreaterThan(held.epoch());
        assertThat(store.takeOver(10)).isEmpty();
        assertThat(store.append(key, held.epoch(), events(1))).isFalse();
        assertThat(store.append(key, taken.getFirst().epoch(), events(1))).isTrue();
    }

    @Test
    void workThatIsGivenBackIsTakenAtOnce() {
        var key = key("acme", "resp_1");
        var held = new Held(key, store.create(fresh(key, null, null, events(0))));
        store.release(held);

        var taken = new ArrayList<StoredResponse>();
        var upkeep = new Upkeep(store, conversations);
        upkeep.round(taken::add);

        assertThat(taken).hasSize(1);
    }

    @Test
    void whoLosesWorkIsToldOnce() {
        var key = key("acme", "resp_1");
        var held = new Held(key, store.create(fresh(key, null, null, events(0))));
        var lost = new ArrayList<Held>();
        var upkeep = new Upkeep(store, conversations);
        upkeep.hold(held, () -> lost.add(held));
        upkeep.round(_ -> {});
        assertThat(lost).isEmpty();

        store.delete(key);
        upkeep.round(_ -> {});
        upkeep.round(_ -> {});

        assertThat(lost).containsExactly(held);
    }

    @Test
    void aFeedGivesEveryEventOnceAndThenTheEnd() throws Exception {
        var key = key("acme", "resp_1");
        long epoch = store.create(fresh(key, null, null, events(0)));
        try (EventFeed feed = store.feed(key, -1)) {
            assertThat(feed.next(Duration.ofSeconds(20)).events()).isEqualTo(events(0));
            assertThat(feed.next(Duration.ZERO)).isEqualTo(new EventFeed.Next(List.of(), false));
            var writer =
                    Thread.ofVirtual()
                            .start(() -> {
                                store.append(key, epoch, events(1, 2));
                                store.end(key, epoch, ending(key, events(3)));
                            });
            var seen = new ArrayList<StoredEvent>();
            EventFeed.Next next;
            do {
                next = feed.next(Duration.ofSeconds(20));
                seen.addAll(next.events());
            } while (!next.ended());
            writer.join();
            assertThat(seen).isEqualTo(events(1, 2, 3));
        }
    }

    @Test
    void aConversationTakesInputAndOutputWhenItsResponseIsDone() {
        conversations.create("acme", "conv_1", "{}", List.of(item("msg_0")));
        var key = key("acme", "resp_1");
        long epoch = store.create(fresh(key, null, "conv_1", events(0)));
        assertThat(ids(conversations.items("acme", "conv_1"))).containsExactly("msg_0");

        assertThat(store.end(key, epoch, ending(key, events(1)))).isTrue();

        assertThat(ids(conversations.items("acme", "conv_1")))
                .containsExactly("msg_0", "in_resp_1", "out_resp_1");
        assertThat(ids(store.input(key))).containsExactly("msg_0", "in_resp_1");
        var later = key("acme", "resp_2");
        store.create(fresh(later, "resp_1", null, events(0)));
        assertThat(ids(store.input(later)))
                .containsExactly("msg_0", "in_resp_1", "out_resp_1", "in_resp_2");
    }

    @Test
    void aResponseThatIsKeptAtItsEndIsThereWhole() {
        conversations.create("acme", "conv_1", "{}", List.of());
        var key = key("acme", "resp_1");

        store.keep(fresh(key, null, "conv_1", List.of()), ending(key, List.of()));

        assertThat(store.find(key).orElseThrow().status()).isEqualTo(Status.COMPLETED);
        assertThat(ids(store.context(key))).containsExactly("in_resp_1", "out_resp_1");
        assertThat(ids(conversations.items("acme", "conv_1")))
                .containsExactly("in_resp_1", "out_resp_1");
        assertThat(store.events(key, -1)).isEmpty();
    }

    @Test
    void whatFailedIsNoPartOfItsConversation() {
        conversations.create("acme", "conv_1", "{}", List.of());
        var key = key("acme", "resp_1");
        long epoch = store.create(fresh(key, null, "conv_1", events(0)));

        store.end(key, epoch, new Ending(Status.FAILED, "{}", List.of(), events(1)));

        assertThat(conversations.items("acme", "conv_1")).isEmpty();
    }

    @Test
    void aConversationIsListedBothWaysAfterAnItem() {
        conversations.create("acme", "conv_1", "{}", List.of(item("a"), item("b")));
        assertThat(conversations.append("acme", "conv_1", List.of(item("c"), item("d")))).isTrue();

        assertThat(page("conv_1", new Page.Query(null, 3, true)))
                .isEqualTo(new Page<>(List.of("a", "b", "c"), true));
        assertThat(page("conv_1", new Page.Query("c", 3, true)))
                .isEqualTo(new Page<>(List.of("d"), false));
        assertThat(page("conv_1", new Page.Query("c", 3, false)))
                .isEqualTo(new Page<>(List.of("b", "a"), false));
        assertThat(conversations.items("acme", "conv_1", new Page.Query("x", 3, true))).isEmpty();
    }

    @Test
    void aConversationIsItsTenantsAlone() {
        conversations.create("acme", "conv_1", "{\"a\":\"b\"}", List.of(item("a")));

        assertThat(conversations.find("other", "conv_1")).isEmpty();
        assertThat(conversations.append("other", "conv_1", List.of(item("b")))).isFalse();
        assertThat(conversations.describe("other", "conv_1", "{}")).isFalse();
        assertThat(conversations.delete("other", "conv_1")).isFalse();
        assertThat(conversations.deleteItem("other", "conv_1", "a")).isFalse();
        assertThat(conversations.item("other", "conv_1", "a")).isEmpty();
        assertThat(conversations.find("acme", "conv_1").orElseThrow().metadata())
                .isEqualTo("{\"a\":\"b\"}");
        assertThat(store.item("acme", "a")).contains(item("a"));
        assertThat(store.item("other", "a")).isEmpty();
    }

    @Test
    void aConversationIsKeptSinceItLastGrew() {
        conversations.create("acme", "conv_1", "{}", List.of());
        clock.advance(RETENTION.minusSeconds(1));
        conversations.append("acme", "conv_1", List.of(item("a")));
        clock.advance(RETENTION.minusSeconds(1));
        assertThat(conversations.sweep()).isZero();
        assertThat(conversations.find("acme", "conv_1")).isPresent();

        clock.advance(Duration.ofSeconds(1));
        assertThat(conversations.find("acme", "conv_1")).isEmpty();
        assertThat(conversations.append("acme", "conv_1", List.of(item("b")))).isFalse();
        assertThat(conversations.sweep()).isEqualTo(1);
        assertThat(rows("conversation_item")).isZero();
    }

    private void answered(String tenant, String id, @Nullable String previous) {
        var key = key(tenant, id);
        long epoch = store.create(fresh(key, previous, null, events(0)));
        assertThat(store.begin(key, epoch, "{}", events(1))).isTrue();
        assertThat(store.end(key, epoch, ending(key, events(2)))).isTrue();
    }

    private static FreshResponse fresh(
            ResponseKey key,
            @Nullable String previous,
            @Nullable String conversation,
            List<StoredEvent> events) {
        return new FreshResponse(
                key,
                Status.QUEUED,
                true,
                previous,
                conversation,
                ORIGIN,
                "{}",
                "{}",
                List.of(item("in_" + key.id())),
                events);
    }

    private static Ending ending(ResponseKey key, List<StoredEvent> events) {
        return new Ending(
                Status.COMPLETED,
                "{\"done\":\"" + key.id() + "\"}",
                List.of(item("out_" + key.id())),
                events);
    }

    private static ResponseKey key(String tenant, String id) {
        return new ResponseKey(tenant, id);
    }

    private static StoredItem item(String id) {
        return new StoredItem(id, "{\"id\":\"" + id + "\"}");
    }

    private static List<StoredEvent> events(long... numbers) {
        var events = new ArrayList<StoredEvent>();
        for (long number : numbers) {
            events.add(new StoredEvent(number, "{\"sequence_number\":" + number + "}"));
        }
        return events;
    }

    private static List<String> ids(List<StoredItem> items) {
        return items.stream().map(StoredItem::id).toList();
    }

    private Page<String> page(String conversation, Page.Query query) {
        return conversations.items("acme", conversation, query).orElseThrow().map(StoredItem::id);
    }

    private long rows(String table) {
        return database.read(sql ->
                sql.one(
                                "select count(*) as rows_there from " + table,
                                row -> row.number("rows_there"))
                        .orElseThrow());
    }
}
