package entrepot.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Usage;
import entrepot.runtime.AgentRuntime;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.driver.Claim;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.FactCodec;
import entrepot.runtime.facts.SessionSettings;
import entrepot.runtime.journal.Inbox;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.journal.Letter;
import entrepot.runtime.journal.Pieces;
import entrepot.runtime.journal.SessionKey;
import entrepot.runtime.journal.SessionTable;
import entrepot.runtime.journal.Step;
import entrepot.runtime.turn.Summary;
import entrepot.store.Database;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Each guard of the engine alone: take one out of the statements and a test here falls. */
abstract class GuardsContract {

    private static final SessionKey KEY = new SessionKey("acme", "sess_1");
    private static final Fact FACT = new Fact.TurnCompleted("turn_1", Usage.NONE);
    private static final Step.Then KEEP = new Step.Then.Keep(60_000);
    private static final Step.Then PARK = new Step.Then.Park(null);

    @TempDir Path folder;
    private Database database;
    private Journal journal;
    private Inbox inbox;
    private Leases leases;

    abstract Database open(Path folder);

    @BeforeEach
    void openDatabase() {
        database = open(folder);
        database.migrate(AgentRuntime.MIGRATIONS);
        journal = new Journal(database, new FactCodec());
        inbox = new Inbox(database);
        leases = new Leases(database);
        leases.join("node_a", 60_000);
        session(KEY, message());
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    private void session(SessionKey key, Letter... letters) {
        AgentSnapshot agent =
                new AgentSnapshot(
                        "agent_1",
                        null,
                        "scripted",
                        null,
                        List.of(),
                        JsonMapper.shared().createObjectNode());
        List<Inbox.Outgoing> outgoing = new ArrayList<>();
        for (Letter letter : letters) {
            outgoing.add(new Inbox.Outgoing(letter, null));
        }
        database.write(sql -> {
            new SessionTable(database, journal, inbox)
                    .insert(
                            sql,
                            key,
                            new Fact.SessionCreated(
                                    agent, Map.of(), "t", "p", "k", SessionSettings.DEFAULT, null),
                            Summary.EMPTY.written(),
                            outgoing);
            return true;
        });
    }

    private static Letter message() {
        return new Letter.Message(new Fact.UserItem("msg_1", List.of()));
    }

    private void deliver(Letter letter) {
        boolean found =
                database.write(
                        sql -> inbox.deliver(sql, KEY, List.of(new Inbox.Outgoing(letter, null))));
        assertThat(found).isTrue();
    }

    private Claim claim(String node) {
        List<Claim> claims = leases.claim(node, 10, 60_000);
        assertThat(claims).hasSize(1);
        return claims.getFirst();
    }

    private Step.Written append(long epoch, long head, long seen, Step.Then then, Fact... facts) {
        return journal.append(
                new Step(KEY, epoch, head, List.of(facts), seen, Summary.EMPTY.written(), 0, then));
    }

    private List<Long> seqs() {
        return journal.facts(KEY, 0, 100).stream().map(Journal.Recorded::seq).toList();
    }

    private long update(String sql, Object... parameters) {
        return database.once(each -> (long) each.update(sql, parameters));
    }

    @Test
    void severalFactsAreAppendedAtOnceOrNotAtAll() {
        Claim claim = claim("node_a");
        assertThat(append(claim.epoch(), 1, 1, KEEP, FACT, FACT, FACT))
                .isEqualTo(new Step.Written.Done(1));
        assertThat(append(claim.epoch(), 1, 1, KEEP, FACT, FACT))
                .isEqualTo(new Step.Written.Fenced());
        assertThat(seqs()).containsExactly(1L, 2L, 3L, 4L);
    }

    /** Guard: the head's compare-and-set. */
    @Test
    void anAppendThatHasNotSeenTheHeadIsRefused() {
        Claim claim = claim("node_a");
        append(claim.epoch(), 1, 1, KEEP, FACT);
        assertThat(append(claim.epoch(), 1, 1, KEEP, FACT)).isEqualTo(new Step.Written.Fenced());
        assertThat(append(claim.epoch(), 7, 1, KEEP, FACT)).isEqualTo(new Step.Written.Fenced());
    }

    /** Guard: the epoch's compare-and-set. E1, E7: a paused owner is stopped at its next write. */
    @Test
    void anOwnerThatWasReplacedWritesNothing() {
        Claim zombie = claim("node_a");
        update("update node set expires_ms = 0");
        assertThat(leases.reap()).isEqualTo(1);
        leases.join("node_b", 60_000);
        Claim next = claim("node_b");
        assertThat(next.epoch()).isGreaterThan(zombie.epoch());
        Pieces pieces = new Pieces(database);
        Pieces.Piece piece = new Pieces.Piece("turn_1", 1, 1, "msg_2", "text", "late");
        assertThat(append(zombie.epoch(), 1, 1, KEEP, FACT)).isEqualTo(new Step.Written.Fenced());
        assertThat(append(zombie.epoch(), 1, 1, PARK)).isEqualTo(new Step.Written.Fenced());
        assertThat(journal.release(KEY, zombie.epoch(), 0)).isFalse();
        assertThat(pieces.add(KEY, zombie.epoch(), 1, 1, piece)).isFalse();
        assertThat(pieces.add(KEY, next.epoch(), 1, 1, piece)).isTrue();
        assertThat(append(next.epoch(), 1, 1, KEEP, FACT)).isEqualTo(new Step.Written.Done(1));
    }

    /** Guard: the inbox's compare-and-set. A letter that races with parking is never slept on. */
    @Test
    void aSessionWithAnUnreadLetterIsNotParked() {
        Claim claim = claim("node_a");
        deliver(message());
        assertThat(append(claim.epoch(), 1, 1, PARK, FACT))
                .isEqualTo(new Step.Written.LetterCame());
        assertThat(seqs()).containsExactly(1L);
        assertThat(append(claim.epoch(), 1, 2, PARK, FACT)).isEqualTo(new Step.Written.Done(2));
        assertThat(leases.claim("node_a", 10, 60_000)).isEmpty();
        deliver(message());
        claim("node_a");
    }

    @Test
    void aPauseEndsEarlyWhenALetterHasCome() {
        Claim claim = claim("node_a");
        append(claim.epoch(), 1, 1, new Step.Then.Release(3_600_000), FACT);
        assertThat(leases.claim("node_a", 10, 60_000)).isEmpty();
        deliver(message());
        Claim again = claim("node_a");
        deliver(message());
        append(again.epoch(), 2, 2, new Step.Then.Release(3_600_000), FACT);
        claim("node_a");
    }

    /** Guard: claims only as a live member. */
    @Test
    void onlyALiveMemberClaims() {
        assertThat(leases.claim("node_unknown", 10, 60_000)).isEmpty();
        update("update node set expires_ms = 0");
        assertThat(leases.claim("node_a", 10, 60_000)).isEmpty();
        assertThat(leases.beat("node_a", 60_000)).as("a late beat is valid").isTrue();
        claim("node_a");
    }

    @Test
    void aSessionHasOneOwner() {
        claim("node_a");
        assertThat(leases.claim("node_a", 10, 60_000)).isEmpty();
    }

    /** Guard: the anti-join. What a zombie claimed after its node was reaped is found. */
    @Test
    void workUnderANodeThatIsNotThereIsFreed() {
        claim("node_a");
        update("delete from node");
        assertThat(leases.reap()).isEqualTo(1);
        leases.join("node_b", 60_000);
        claim("node_b");
    }

    @Test
    void theReaperLeavesTheLivingAlone() {
        claim("node_a");
        assertThat(leases.reap()).isZero();
        assertThat(leases.watch()).isZero();
        assertThat(leases.sweep()).isZero();
    }

    /** E10, E78: whoever owns it, work that is not written in time goes on elsewhere. */
    @Test
    void theWatchdogFreesWhatIsOverdue() {
        Claim claim = claim("node_a");
        update("update session set due_ms = 1");
        assertThat(leases.watch()).isEqualTo(1);
        assertThat(append(claim.epoch(), 1, 1, KEEP, FACT)).isEqualTo(new Step.Written.Fenced());
        claim("node_a");
    }

    /** E78: an unread letter without a date is found, though nothing should ever make one. */
    @Test
    void theSweepWakesWhatNobodyWoke() {
        update("update session set wake_ms = null");
        assertThat(leases.claim("node_a", 10, 60_000)).isEmpty();
        assertThat(leases.sweep()).isEqualTo(1);
        claim("node_a");
    }

    /** Revived work does not go to the back of the queue. */
    @Test
    void freedWorkKeepsItsPlace() {
        update("update session set wake_ms = 1000");
        claim("node_a");
        SessionKey later = new SessionKey("acme", "sess_2");
        session(later, message());
        update("update node set expires_ms = 0");
        leases.reap();
        leases.join("node_b", 60_000);
        assertThat(leases.claim("node_b", 1, 60_000).getFirst().key()).isEqualTo(KEY);
        assertThat(leases.claim("node_b", 1, 60_000).getFirst().key()).isEqualTo(later);
    }

    @Test
    void claimsWithoutProgressAreCounted() {
        for (int attempt = 1; attempt <= 3; attempt++) {
            Claim claim = claim("node_a");
            assertThat(claim.attempts()).isEqualTo(attempt);
            journal.release(KEY, claim.epoch(), 0);
        }
        Claim claim = claim("node_a");
        append(claim.epoch(), 1, 1, new Step.Then.Release(0), FACT);
        assertThat(claim("node_a").attempts()).isEqualTo(1);
    }

    /** SQLite's process is alone: at its start whatever the last one held is free. */
    @Test
    void aProcessThatIsAloneTakesEverythingUp() {
        Claim before = claim("node_a");
        assertThat(leases.startAlone()).isEqualTo(1);
        leases.join("node_b", 60_000);
        assertThat(claim("node_b").epoch()).isGreaterThan(before.epoch());
    }

    /** E71, E46: the same ids in another tenant are another session. */
    @Test
    void tenantsWithTheSameIdsNeverMeet() {
        SessionKey other = new SessionKey("globex", KEY.id());
        session(other, message(), message());
        List<Claim> claims = leases.claim("node_a", 10, 60_000);
        assertThat(claims).hasSize(2);
        Claim acme =
                claims.stream().filter(each -> each.key().equals(KEY)).findFirst().orElseThrow();
        append(acme.epoch(), 1, 1, KEEP, FACT, FACT);
        assertThat(journal.facts(other, 0, 100)).hasSize(1);
        assertThat(inbox.after(other, 0)).hasSize(2);
        assertThat(inbox.after(KEY, 0)).hasSize(1);
    }
}
