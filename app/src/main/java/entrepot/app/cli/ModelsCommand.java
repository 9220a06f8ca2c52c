package entrepot.app.cli;

import entrepot.app.client.ApiFailed;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

@Command(name = "models", description = "Lists the models that your key may use.")
final class ModelsCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin ServerOptions server = new ServerOptions();

    ModelsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
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
}
