package entrepot.app.books;

import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code entrepot statements}. */
@Command(
        name = "statements",
        description = "Statements per party and period, and invoices against the ledger.",
        synopsisSubcommandLabel = "(commitments | shares | funding | segments | party | reconcile)")
public final class StatementsCommand {

    private static final String PATH = "/admin/v1/statements";
    private static final String TERMS = "in the place of what the contracts say; JSON:";
    private static final String NOTHING =
            "There is nothing to tell: no contract in force speaks of it. Contracts lie in the"
                    + " folder beside the catalogue; --terms FILE brings others.";
    private static final JsonMapper JSON = new JsonMapper();

    private final Desk desk;

    public StatementsCommand(Desk desk) {
        this.desk = desk;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "commitments",
            description = "How far commitments are spent, and where they will end.")
    int commitments(
            @Mixin ServerFlags server,
            @Mixin SheetOutput output,
            @Option(
                            names = "--terms",
                            paramLabel = "FILE",
                            description = TERMS + " {commitments: […]}")
                    @Nullable Path terms,
            @Option(names = "--at", paramLabel = "DATE") @Nullable String at,
            @Mixin PartyFlag party)
            throws ApiFailed, InterruptedException {
        return several(server, output, "/commitments?" + at(at) + party.query(), terms);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "shares",
            description = "What shares of revenue are owed, month by month.")
    int shares(
            @Mixin ServerFlags server,
            @Mixin SheetOutput output,
            @Option(names = "--terms", paramLabel = "FILE", description = TERMS + " {shares: […]}")
                    @Nullable Path terms,
            @Option(names = "--from", required = true, paramLabel = "MONTH") String from,
            @Option(names = "--to", required = true, paramLabel = "MONTH") String to,
            @Mixin PartyFlag party)
            throws ApiFailed, InterruptedException {
        return several(server, output, "/shares?" + period(from, to) + party.query(), terms);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "funding",
            description = "Where the tranches of a funding stand.")
    int funding(
            @Mixin ServerFlags server,
            @Mixin SheetOutput output,
            @Option(
                            names = "--terms",
                            paramLabel = "FILE",
                            description = TERMS + " {tranches: […]}")
                    @Nullable Path terms,
            @Option(names = "--at", paramLabel = "DATE") @Nullable String at,
            @Mixin PartyFlag party)
            throws ApiFailed, InterruptedException {
        return several(server, output, "/funding?" + at(at) + party.query(), terms);
    }

    private int several(ServerFlags server, SheetOutput output, String path, @Nullable Path terms)
            throws ApiFailed, InterruptedException {
        try (Api api = server.connect(desk)) {
            var sheets = new ArrayList<JsonNode>();
            JsonNode answer = api.post(PATH + path, body(terms));
            answer.path("data").forEach(sheets::add);
            answer.path("notes").forEach(note -> desk.say("note: " + note.asString("")));
            if (sheets.isEmpty()) {
                desk.say(NOTHING);
            }
            output.print(desk, sheets);
            return 0;
        }
    }

    /** The terms of a file; none without one. */
    static JsonNode body(@Nullable Path terms) {
        if (terms == null) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            return JSON.readTree(SheetOutput.read(terms));
        } catch (JacksonException e) {
            throw new Unusable(terms + " is not JSON: " + e.getOriginalMessage());
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "segments",
            description = "Cost, revenue and margin by segment and channel, with a forecast.")
    int segments(
            @Mixin ServerFlags server,
            @Mixin SheetOutput output,
            @Option(names = "--from", required = true, paramLabel = "DATE") String from,
            @Option(names = "--to", required = true, paramLabel = "DATE") String to,
            @Option(names = "--by", defaultValue = "channel", paramLabel = "DIMENSIONS") String by,
            @Option(names = "--at", paramLabel = "DATE") @Nullable String at)
            throws ApiFailed, InterruptedException {
        try (Api api = server.connect(desk)) {
            String query = period(from, to) + "&by=" + by;
            output.print(
                    desk,
                    List.of(
                            api.get(
                                    PATH
                                            + "/segments?"
                                            + (at == null ? query : query + "&at=" + at))));
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "party",
            description = "What a supplier is owed, or a team owes.")
    int party(
            @Mixin ServerFlags server,
            @Mixin SheetOutput output,
            @Option(names = "--supplier", paramLabel = "NAME") @Nullable String supplier,
            @Option(names = "--team", paramLabel = "NAME") @Nullable String team,
            @Option(names = "--from", required = true, paramLabel = "MONTH") String from,
            @Option(names = "--to", required = true, paramLabel = "MONTH") String to)
            throws ApiFailed, InterruptedException {
        try (Api api = server.connect(desk)) {
            String query = period(from, to);
            query = supplier == null ? query : query + "&supplier=" + encoded(supplier);
            query = team == null ? query : query + "&team=" + encoded(team);
            output.print(desk, List.of(api.get(PATH + "/party?" + query)));
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "reconcile",
            description = {
                "Compares a supplier's invoice with the ledger.",
                "The file has the columns model, meter?, quantity?, amount, currency.",
                "Exit code 1 when a difference is over the tolerance."
            })
    int reconcile(
            @Mixin ServerFlags server,
            @Mixin SheetOutput output,
            @Option(names = "--invoice", required = true, paramLabel = "FILE") Path invoice,
            @Option(names = "--supplier", required = true, paramLabel = "NAME") String supplier,
            @Option(names = "--period", required = true, paramLabel = "MONTH") String period,
            @Option(names = "--tolerance", defaultValue = "0 USD", paramLabel = "MONEY")
                    String tolerance)
            throws ApiFailed, InterruptedException {
        try (Api api = server.connect(desk)) {
            JsonNode found =
                    api.postText(
                            PATH
                                    + "/reconcile?supplier="
                                    + encoded(supplier)
                                    + "&period="
                                    + encoded(period)
                                    + "&tolerance="
                                    + encoded(tolerance),
                            "text/csv",
                            SheetOutput.read(invoice));
            output.print(desk, List.of(found));
            return found.path("exceeds").asBoolean(true) ? 1 : 0;
        }
    }

    /** Whose statements. */
    static final class PartyFlag {

        @Option(
                names = "--party",
                paramLabel = "ID",
                description = "of the contracts (default: the party that the catalogue names)")
        @Nullable String party;

        String query() {
            return party == null ? "" : "&party=" + encoded(party);
        }
    }

    static String period(String from, String to) {
        return "from=" + encoded(from) + "&to=" + encoded(to);
    }

    private static String at(@Nullable String at) {
        return at == null ? "" : "at=" + encoded(at);
    }

    static String encoded(String text) {
        return ServerFlags.encoded(text);
    }
}
