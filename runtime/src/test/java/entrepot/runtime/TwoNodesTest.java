package entrepot.runtime;

import static entrepot.runtime.Node.agent;
import static entrepot.runtime.Node.kinds;
import static entrepot.runtime.tools.ToolServers.NONE;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.runtime.facts.Fact;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.store.Database;
import entrepot.store.DatabaseSettings;
import entrepot.store.Databases;
import entrepot.store.testing.TestDatabases;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Two nodes on one PostgreSQL. */
class TwoNodesTest {

    /** E1, E4, E7, E10: a node taken for dead is replaced; its late writes are refused. */
    @Test
    void workOfANodeThatIsGoneGoesOnElsewhere() throws Exception {
        DatabaseSettings settings = TestDatabases.postgresSettings();
        // The first node may be the one that takes up what it lost, under its new name.
        ScriptedMarket hangs =
                ScriptedMarket.of(Scripted.hangsAfter("I was"), Scripted.says("I am again."));
        ScriptedMarket answers = ScriptedMarket.of(Scripted.says("I am."));
        try (Database one = Databases.open(settings);
                Database two = Databases.open(settings);
                Node first = Node.on(one, hangs, NONE, "a").started()) {
            String id = first.session(agent(), "Hello");
            first.until(id, Fact.ModelCallStarted.class::isInstance);
            try (Node second = Node.on(two, answers, NONE, "b").started()) {
                one.once(sql -> sql.update("delete from node where id like '%a'"));
                List<?> seen = first.until(id, Fact.TurnCompleted.class::isInstance);
                assertThat(seen).isNotEmpty();
                assertThat(kinds(second.facts(id)))
                        .containsOnlyOnce("TurnCompleted")
                        .containsOnlyOnce("ModelAnswered");
                assertThat(hangs.requests().size() + answers.requests().size()).isEqualTo(2);
            }
        }
    }

    /** A letter posted on one node reaches the owner on another: E14, E48f. */
    @Test
    void aCancelPostedOnOneNodeReachesTheOther() throws Exception {
        DatabaseSettings settings = TestDatabases.postgresSettings();
        ScriptedMarket hangs = ScriptedMarket.of(Scripted.hangsAfter("Well"));
        try (Database one = Databases.open(settings);
                Database two = Databases.open(settings);
                Node owner = Node.on(one, hangs, NONE, "a").started()) {
            Node door = Node.on(two, hangs, NONE, "b");
            String id = door.session(agent(), "Hello");
            door.until(id, Fact.ModelCallStarted.class::isInstance);
            door.post(id, new entrepot.runtime.session.Sessions.Input.Cancel());
            door.until(id, Fact.TurnCancelled.class::isInstance);
            assertThat(owner.facts(id)).isEqualTo(door.facts(id));
        }
    }
}
