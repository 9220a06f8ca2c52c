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

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code entrepot sessions import}. */
@Command(
        name = "import",
        description = {
            "Takes a bundle in as a session of the key's team.",
            "Its hashes are verified and its journal is run again before anything is kept. A turn"
                    + " that was open is closed as cancelled."
        })
public final class ImportCommand implements Callable<Integer> {

    private static final long FILE_BYTES_MAX = 256L << 20;

    private final Desk desk;

    @Mixin ServerFlags server = new ServerFlags();

    @Parameters(paramLabel = "FILE", description = "the bundle")
    Path file = Path.of("");

    @Option(names = "--keep-id", description = "under its own id, which must be free there")
    boolean keepId;

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "the same key and bundle give the first session again")
    @Nullable String idempotencyKey;

    public ImportCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws ApiFailed, InterruptedException {
        byte[] bundle = read();
        try (Api api = server.connect(desk)) {
            JsonNode made =
                    api.upload(
                            "/v1/agents/sessions/import?id=" + (keepId ? "keep" : "new"),
                            "application/zip",
                            bundle,
                            idempotencyKey == null
                                    ? Map.of()
                                    : Map.of("idempotency-key", idempotencyKey));
            desk.print(made.path("id").asString(""));
            desk.say(
                    "Imported from %s at %s."
                            .formatted(
                                    made.at("/entrepot/imported_from/session_id").asString("?"),
                                    made.at("/entrepot/imported_from/at").asString("?")));
            return 0;
        }
    }

    private byte[] read() {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new Unusable(file + " is larger than " + FILE_BYTES_MAX + " bytes.");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new Unusable(file + " cannot be read: " + e.getMessage());
        }
    }
}
