package entrepot.runtime;

import static entrepot.runtime.Node.ALICE;
import static entrepot.runtime.Node.text;
import static entrepot.runtime.tools.ToolServers.NONE;

import entrepot.runtime.session.Sessions;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.store.Database;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** A database and nodes on it. */
abstract class NodeContract {

    @TempDir Path folder;
    protected Database database;

    abstract Database open(Path folder);

    @BeforeEach
    void openDatabase() {
        database = open(folder);
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    final Node node(ScriptedMarket market) {
        return Node.on(database, market, NONE, "a").started();
    }

    static Sessions.Input result(String turn, String callId) {
        return new Sessions.Input.ToolResult(turn, callId, true, text("42"), null);
    }

    static String turn(Node node, String id) {
        return node.sessions().view(ALICE, id).orElseThrow().turns().getLast().id();
    }
}
