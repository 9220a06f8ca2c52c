package entrepot.app.sessions;

import entrepot.app.books.Desk;
import entrepot.app.books.ServerFlags;
import entrepot.app.books.Unusable;
import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code entrepot sessions export}. */
@Command(
        name = "export",
        description = {
            "Writes a session into a bundle: a zip file with its facts and items.",
            "Secrets of tool servers, vaults and names of keys are left out; manifest.json says"
                    + " which."
        })
public final class ExportCommand implements Callable<Integer> {

    private final Desk desk;

    @Mixin ServerFlags server = new ServerFlags();

    @Parameters(paramLabel = "SESSION", description = "its id")
    String session = "";

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "where to (default: SESSION.zip)")
    @Nullable Path file;

    public ExportCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws ApiFailed, InterruptedException {
        byte[] bundle;
        try (Api api = server.connect(desk)) {
            bundle = api.download(JournalReader.path(session) + "/bundle");
        }
        Path to = file == null ? Path.of(ServerFlags.encoded(session) + ".zip") : file;
        try {
            Files.write(to, bundle);
        } catch (IOException e) {
            throw new Unusable(to + " cannot be written: " + e.getMessage());
        }
        desk.print(to.toString());
        return 0;
    }
}
