package entrepot.app.books;

import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;
import entrepot.market.contracts.reading.ContractsReader;
import entrepot.market.yaml.YamlInvalid;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code entrepot contracts whatif}. */
@Command(
        name = "whatif",
        description = "Decides a server's past orders again under the contracts of a folder.")
public final class WhatIfCommand implements Callable<Integer> {

    private final Desk desk;

    @Mixin ServerFlags server = new ServerFlags();
    @Mixin PeriodOptions period = new PeriodOptions();

    @Parameters(paramLabel = "FOLDER", description = "the folder of contracts")
    String folder = "";

    @Option(
            names = "--prefer",
            defaultValue = "keep",
            paramLabel = "RULE",
            description = "keep (the supplier of then, if it may) or cheapest")
    String prefer = "keep";

    @Option(
            names = "--orders-max",
            defaultValue = "1000",
            paramLabel = "N",
            description = "how many orders at once (default: ${DEFAULT-VALUE}, at most 10000)")
    int ordersMax = 1_000;

    @Option(names = "--after", paramLabel = "ID", description = "go on after a page")
    @Nullable String after;

    @Option(names = "--json", description = "as JSON")
    boolean json;

    public WhatIfCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws ApiFailed, InterruptedException {
        ObjectNode asked =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("from", period.from)
                        .put("to", period.to)
                        .put("prefer", prefer)
                        .put("orders_max", ordersMax);
        if (after != null) {
            asked.put("after", after);
        }
        ObjectNode files = asked.putObject("files");
        try {
            ContractsReader.texts(Path.of(folder), folder).forEach(files::put);
        } catch (YamlInvalid e) {
            throw new Unusable(String.valueOf(e.getMessage()));
        }
        try (Api api = server.connect(desk)) {
            JsonNode told = api.post("/admin/v1/contracts/whatif", asked);
            if (json) {
                desk.print(told.toPrettyString());
            } else {
                print(told);
            }
            return 0;
        }
    }

    private void print(JsonNode told) {
        for (JsonNode each : told.path("moved")) {
            desk.print(
                    "%s %s %s %s: %s -> %s, %s"
                            .formatted(
                                    each.path("at").asString(""),
                                    each.path("order").asString(""),
                                    each.path("model").asString(""),
                                    each.path("api").asString(""),
                                    each.path("from").asString("nobody"),
                                    each.path("to").asString("nobody"),
                                    costs(each)));
            desk.print("    " + each.path("why").asString(""));
        }
        desk.print(
                "%d orders decided again, %d move"
                        .formatted(told.path("orders").asInt(0), told.path("moved").size()));
        for (JsonNode each : told.path("totals")) {
            desk.print("difference: " + money(each));
        }
        int untold = told.path("untold").asInt(0);
        if (untold > 0) {
            desk.print("of " + untold + " the difference cannot be told");
        }
        told.path("left_out")
                .properties()
                .forEach(each -> desk.print("left out, " + each.getKey() + ": " + each.getValue()));
        desk.say(told.path("basis").asString(""));
        if (told.path("cut").asBoolean(false)) {
            desk.say("There are more: --after " + told.path("next").asString(""));
        }
    }

    private static String costs(JsonNode moved) {
        JsonNode difference = moved.path("difference");
        return difference.isObject()
                ? "%s -> %s (%s)"
                        .formatted(
                                money(moved.path("cost_before")),
                                money(moved.path("cost_after")),
                                money(difference))
                : "difference not told";
    }

    private static String money(JsonNode money) {
        return money.path("amount").asString("") + " " + money.path("currency").asString("");
    }
}
