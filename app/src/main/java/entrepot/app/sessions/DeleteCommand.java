package entrepot.app.sessions;

import entrepot.app.books.Desk;
import entrepot.app.books.ServerFlags;
import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.concurrent.Callable;

/** {@code entrepot sessions delete}. */
@Command(
        name = "delete",
        description = "Deletes sessions with all their facts. One with an open turn is refused.")
public final class DeleteCommand implements Callable<Integer> {

    private final Desk desk;

    @Mixin ServerFlags server = new ServerFlags();

    @Parameters(arity = "1..*", paramLabel = "SESSION", description = "their ids")
    List<String> sessions = List.of();

    public DeleteCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws ApiFailed, InterruptedException {
        try (Api api = server.connect(desk)) {
            for (String session : sessions) {
                api.delete(JournalReader.path(session));
                desk.print("deleted " + session);
            }
            return 0;
        }
    }
}
