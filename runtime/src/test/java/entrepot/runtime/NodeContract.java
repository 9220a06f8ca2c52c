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
public abstract class NodeContract {

    @TempDir protected Path folder;
    protected Database database;

    protected abstract Database open(Path folder);

    @BeforeEach
    protected void openDatabase() {
        database = open(folder);
    }

    @AfterEach
    protected void closeDatabase() {
        database.close();
    }

    protected final Node node(ScriptedMarket market) {
        return Node.on(database, market, NONE, "a").started();
    }

    protected static Sessions.Input result(String turn, String callId) {
        return new Sessions.Input.ToolResult(turn, callId, true, text("42"), null);
    }

    protected static String turn(Node node, String id) {
        return node.sessions().view(ALICE, id).orElseThrow().turns().getLast().id();
    }
}
