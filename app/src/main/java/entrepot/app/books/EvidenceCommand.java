package entrepot.app.books;

import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code entrepot contracts evidence}. */
@Command(
        name = "evidence",
        description = "Writes every decision that a clause touched, signed by the server.")
public final class EvidenceCommand implements Callable<Integer> {

    private final Desk desk;

    @Mixin ServerFlags server = new ServerFlags();
    @Mixin PeriodOptions period = new PeriodOptions();

    @Parameters(paramLabel = "CLAUSE", description = "contract/clause")
    String clause = "";

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "into this file")
    Path out = Path.of("");

    public EvidenceCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws ApiFailed, InterruptedException {
        try (Api api = server.connect(desk)) {
            JsonNode signed =
                    api.post(
                            "/admin/v1/contracts/evidence",
                            JsonNodeFactory.instance
                                    .objectNode()
                                    .put("clause", clause)
                                    .put("from", period.from)
                                    .put("to", period.to));
            Files.writeString(out, signed.toString());
            desk.print(
                    "%s: %d decisions, %d records left out, signed with the key %s"
                            .formatted(
                                    out,
                                    signed.at("/evidence/decisions").size(),
                                    signed.at("/evidence/left_out").asInt(0),
                                    signed.at("/signature/key_id").asString("")));
            return 0;
        } catch (IOException e) {
            throw new Unusable(out + " cannot be written: " + e.getMessage());
        }
    }
}
