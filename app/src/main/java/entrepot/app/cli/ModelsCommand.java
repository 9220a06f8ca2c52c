package entrepot.app.cli;

import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.databind.JsonNode;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

@Command(name = "models", description = "Lists the models that your key may use.")
final class ModelsCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin ServerOptions server = new ServerOptions();

    @Option(
            names = "--capabilities",
            paramLabel = "MODEL",
            description = "What of a request each supplier of a model carries.")
    @Nullable String capabilities;

    ModelsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            if (capabilities != null) {
                return capabilities(api, capabilities);
            }
            var table = new Table("MODEL", "VENDOR");
            for (var model : api.get("/v1/models").path("data")) {
                table.row(model.path("id").asString(""), model.path("owned_by").asString(""));
            }
            if (table.isEmpty()) {
                throw new Refused("No models: add suppliers and models to the catalogue.");
            }
            table.printTo(terminal);
            return 0;
        }
    }

    private int capabilities(Api api, String model) throws ApiFailed, InterruptedException {
        var offers = new ArrayList<JsonNode>();
        String query = "model=" + URLEncoder.encode(model, StandardCharsets.UTF_8);
        api.get("/admin/v1/capabilities?" + query).path("data").forEach(offers::add);
        for (JsonNode offer : offers) {
            List<String> dialects =
                    offer.path("dialects").valueStream().map(name -> name.asString("")).toList();
            terminal.print(
                    "%s sells it as %s%s"
                            .formatted(
                                    offer.path("supplier").asString(""),
                                    offer.path("name").asString(""),
                                    dialects.isEmpty()
                                            ? " in this process"
                                            : ", in " + String.join(", ", dialects)));
            var table = new Table("CAPABILITY", "CARRIED");
            offer.path("carried")
                    .properties()
                    .forEach(each -> table.row(each.getKey(), each.getValue().asString("")));
            if (!table.isEmpty()) {
                table.printTo(terminal);
            }
        }
        return 0;
    }
}
