package entrepot.app.books;

import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;
import entrepot.market.statements.sheet.Sheet;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** {@code entrepot ledger}. */
@Command(
        name = "ledger",
        description = "Shows and checks the ledger.",
        synopsisSubcommandLabel =
                "(list | show | charges | balance | usage | rerate | verify | rebuild)")
public final class LedgerCommand {

    private static final String PATH = "/admin/v1/ledger";

    private final Desk desk;

    public LedgerCommand(Desk desk) {
        this.desk = desk;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "list",
            description = "The newest rows, corrections among them.")
    int list(
            @Mixin ServerFlags server,
            @Mixin SheetOutput output,
            @Option(names = "--limit", defaultValue = "50", paramLabel = "N") int limit,
            @Option(names = "--before", paramLabel = "ID", description = "older than this row")
                    @Nullable String before)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(desk)) {
            String path = PATH + "/rows?limit=" + limit;
            JsonNode found =
                    api.get(
                            before == null
                                    ? path
                                    : path + "&before=" + ServerFlags.encoded(before));
            var rows = new ArrayList<List<@Nullable String>>();
            for (JsonNode row : found.path("data")) {
                JsonNode receipt = row.path("receipt");
                rows.add(
                        Sheet.row(
                                row.path("id").asString(""),
                                row.path("kind").asString(""),
                                receipt.path("outcome").asString(""),
                                receipt.path("team").asString(""),
                                receipt.path("model").asString(""),
                                receipt.path("supplier").asString(""),
                                money(receipt.path("cost")),
                                money(receipt.path("charge")),
                                row.path("charge_rule").asString(null)));
            }
            var sheet =
                    Sheet.of(
                            "Rows of the ledger, newest first",
                            List.of(
                                    "row",
                                    "kind",
                                    "outcome",
                                    "team",
                                    "model",
                                    "supplier",
                                    "cost",
                                    "charge",
                                    "rule"),
                            rows);
            output.print(desk, List.of(output.json ? found : sheet.json()));
            return 0;
        }
    }

    private static @Nullable String money(JsonNode money) {
        return money.isObject()
                ? money.path("amount").asString("") + " " + money.path("currency").asString("")
                : null;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "show",
            description = "A row with its postings and its corrections, as JSON.")
    int show(@Mixin ServerFlags server, @Parameters(paramLabel = "ROW") String id)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(desk)) {
            desk.print(api.get(PATH + "/rows/" + ServerFlags.encoded(id)).toPrettyString());
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "charges",
            description = "The rules in force by which tenants are charged and shares are owed.")
    int charges(@Mixin ServerFlags server, @Mixin SheetOutput output)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(desk)) {
            output.print(desk, ChargesSheet.of(api.get("/admin/v1/charges")));
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "balance",
            description = "What each account holds over whole months.")
    int balance(
            @Mixin ServerFlags server,
            @Mixin SheetOutput output,
            @Option(names = "--from", required = true, paramLabel = "MONTH") String from,
            @Option(names = "--to", required = true, paramLabel = "MONTH") String to)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(desk)) {
            output.print(
                    desk,
                    List.of(api.get(PATH + "/balance?" + StatementsCommand.period(from, to))));
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "usage",
            description = "What was used, and what it cost, by any dimension.")
    int usage(
            @Mixin ServerFlags server,
            @Mixin SheetOutput output,
            @Option(names = "--from", required = true, paramLabel = "DATE") String from,
            @Option(names = "--to", required = true, paramLabel = "DATE") String to,
            @Option(
                            names = "--by",
                            defaultValue = "",
                            paramLabel = "DIMENSIONS",
                            description = "team,project,model,supplier,channel,region,api,outcome")
                    String by,
            @Option(
                            names = "--every",
                            paramLabel = "GRAIN",
                            description = "a row for each hour, day or month")
                    @Nullable String every)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(desk)) {
            String query = StatementsCommand.period(from, to) + "&by=" + by;
            output.print(
                    desk,
                    List.of(
                            api.get(
                                    "/admin/v1/usage?"
                                            + (every == null
                                                    ? query
                                                    : query + "&every=" + every))));
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "rerate",
            description = "Gives a receipt another cost: one row takes back, another says it anew.")
    int rerate(
            @Mixin ServerFlags server,
            @Parameters(paramLabel = "RECEIPT") String id,
            @Option(
                            names = "--cost",
                            required = true,
                            paramLabel = "MONEY",
                            description = "such as '0.25 USD'")
                    String cost,
            @Option(names = "--reason", required = true, paramLabel = "TEXT") String reason,
            @Option(names = "--pricing", paramLabel = "TEXT", description = "where it comes from")
                    @Nullable String pricing)
            throws ApiFailed, InterruptedException {
        String[] parts = cost.strip().split(" +");
        if (parts.length != 2) {
            throw new Unusable("--cost must be an amount and a currency, such as '0.25 USD'.");
        }
        try (var api = server.connect(desk)) {
            var body = JsonNodeFactory.instance.objectNode();
            body.putObject("cost").put("amount", parts[0]).put("currency", parts[1]);
            body.put("reason", reason);
            if (pricing != null) {
                body.put("pricing", pricing);
            }
            JsonNode row = api.post(PATH + "/rows/" + ServerFlags.encoded(id) + "/rerate", body);
            desk.say("Booked as row %s.".formatted(row.path("id").asString("")));
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "verify",
            description = "Recomputes every hash; exit code 1 when a row is not what was written.")
    int verify(@Mixin ServerFlags server) throws ApiFailed, InterruptedException {
        JsonNode end = walk(server, PATH + "/verify");
        String flaw = end.path("flaw").asString("");
        desk.print(
                flaw.isEmpty()
                        ? "%d rows are what was written.".formatted(end.path("rows").asLong(0))
                        : flaw);
        return flaw.isEmpty() ? 0 : 1;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "rebuild",
            description = "Adds all rows up again; exit code 1 when the kept sums differ.")
    int rebuild(@Mixin ServerFlags server) throws ApiFailed, InterruptedException {
        JsonNode end = walk(server, PATH + "/rebuild");
        end.path("differences").forEach(each -> desk.print(each.asString("")));
        if (end.path("differences").isEmpty()) {
            desk.print("The kept sums are what the rows add up to.");
        }
        return end.path("differences").isEmpty() ? 0 : 1;
    }

    private JsonNode walk(ServerFlags server, String path) throws ApiFailed, InterruptedException {
        var last = new AtomicReference<@Nullable JsonNode>();
        try (Api api = server.connect(desk)) {
            api.stream(
                    path,
                    null,
                    Map.of(),
                    (id, event) -> {
                        if (event.path("done").asBoolean(false)) {
                            last.set(event);
                            return false;
                        }
                        desk.say(
                                "%d of %d rows"
                                        .formatted(
                                                event.path("rows").asLong(0),
                                                event.path("rows_all").asLong(0)));
                        return true;
                    });
        }
        JsonNode end = last.get();
        if (end == null) {
            throw new Unusable("The server broke off before it had looked at all rows.");
        }
        return end;
    }
}
