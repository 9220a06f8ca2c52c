package entrepot.app.cli;

import entrepot.app.client.ApiFailed;
import entrepot.market.prices.PriceList;
import entrepot.market.prices.PriceListInvalid;
import entrepot.market.prices.sources.PriceImport;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

@Command(
        name = "prices",
        description = "Shows, checks and imports what models cost.",
        synopsisSubcommandLabel = "(show | check | import)")
final class PricesCommand {

    private static final String PATH = "/admin/v1/prices";

    /** The exit code of a check that found something. */
    private static final int FOUND = 3;

    private final Terminal terminal;

    PricesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "show",
            description = "What each offer of a model costs, per million of what is counted.")
    int show(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "MODEL", description = "an id or an alias") String model,
            @Option(names = "--supplier", paramLabel = "ID", description = "only this one's offers")
                    @Nullable String supplier,
            @Option(
                            names = "--at",
                            paramLabel = "DATE",
                            description = "2026-03-01 or 2026-03-01T12:00:00Z; else now")
                    @Nullable String at,
            @Option(
                            names = "--tier",
                            paramLabel = "TIER",
                            description = "such as batch, flex, priority (default: standard)")
                    @Nullable String tier)
            throws ApiFailed, InterruptedException {
        var query = new LinkedHashMap<String, @Nullable String>();
        query.put("model", model);
        query.put("supplier", supplier);
        query.put("at", at);
        query.put("tier", tier);
        try (var api = server.connect(terminal.environment())) {
            JsonNode told = api.get(PATH + query(query));
            JsonNode list = told.path("list");
            terminal.say(
                    "Price book %s (public list of %s), %s, at %s"
                            .formatted(
                                    text(told, "price_book"),
                                    text(list, "date"),
                                    text(told, "tier"),
                                    text(told, "at")));
            for (JsonNode offer : told.path("data")) {
                offer(offer);
            }
            return 0;
        }
    }

    private void offer(JsonNode offer) {
        String line = text(offer, "supplier") + " sells it as " + text(offer, "name");
        if (offer.path("free").asBoolean(false)) {
            terminal.print(line + ", for nothing");
            return;
        }
        if (!offer.path("priced").asBoolean(false)) {
            terminal.print(line + "; no price is known");
            return;
        }
        JsonNode rate = offer.path("rate");
        String discount = text(offer, "discount_percent");
        terminal.print(
                "%s, in %s, prices of %s%s%s%s"
                        .formatted(
                                line,
                                text(offer, "currency"),
                                text(offer, "source"),
                                said(", in ", rate, "region"),
                                said(", since ", rate, "from"),
                                discount.equals("0") ? "" : ", less " + discount + " %"));
        table(rate).printTo(terminal);
        JsonNode listed = offer.path("listed");
        if (listed.path("context_tokens").isNumber()) {
            terminal.print(
                    "context %s tokens%s"
                            .formatted(
                                    listed.path("context_tokens").asString(""),
                                    listed.path("tools").asBoolean(false) ? ", calls tools" : ""));
        }
    }

    /** A line for each meter, and a column for each threshold. */
    private static Table table(JsonNode rate) {
        var headings = new ArrayList<>(List.of("METER", "PER MILLION"));
        var columns = new ArrayList<>(List.of(rate.path("per_million")));
        String what = rate.path("excess").asBoolean(false) ? "BEYOND " : "ABOVE ";
        for (JsonNode band : rate.path("above")) {
            headings.add(what + band.path("input_tokens").asString("") + " INPUT TOKENS");
            columns.add(band.path("per_million"));
        }
        var meters = new LinkedHashSet<String>();
        columns.forEach(column -> meters.addAll(column.propertyNames()));
        var table = new Table(headings.toArray(String[]::new));
        for (String meter : meters) {
            var cells = new ArrayList<>(List.of(meter));
            columns.forEach(column -> cells.add(column.path(meter).asString("")));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "check",
            description = {
                "Names every offer of a server that has no price; or, with --list, reads a price"
                        + " list and compares its files with their hashes."
            })
    int check(
            @Mixin ServerOptions server,
            @Option(names = "--list", paramLabel = "FOLDER", description = "a price list")
                    @Nullable Path folder)
            throws ApiFailed, InterruptedException {
        if (folder != null) {
            return checkList(folder);
        }
        try (var api = server.connect(terminal.environment())) {
            JsonNode told = api.get(PATH);
            var table = new Table("NO PRICE", "SUPPLIER", "SOLD AS");
            int offers = 0;
            for (JsonNode offer : told.path("data")) {
                offers++;
                if (!offer.path("priced").asBoolean(false)) {
                    table.row(text(offer, "model"), text(offer, "supplier"), text(offer, "name"));
                }
            }
            if (table.isEmpty()) {
                terminal.say("All %d offers have a price.".formatted(offers));
                return 0;
            }
            table.printTo(terminal);
            return FOUND;
        }
    }

    private int checkList(Path folder) {
        try {
            PriceList list = PriceList.open(folder);
            terminal.say(
                    "%s: version %s of %s, %d models of %d channels"
                            .formatted(
                                    folder,
                                    list.version(),
                                    list.index().date(),
                                    list.check(),
                                    list.index().channels().size()));
            return 0;
        } catch (PriceListInvalid e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "import",
            description = {
                "Makes a price list of files that others publish, and prints what it would change:"
                        + " genai-prices' data.json, LiteLLM's"
                        + " model_prices_and_context_window.json, models.dev's api.json.",
                "Nothing is written without --apply."
            })
    int importList(
            @Parameters(arity = "1..*", paramLabel = "FILE", description = "published files")
                    List<Path> files,
            @Option(
                            names = "--date",
                            required = true,
                            paramLabel = "DATE",
                            description = "of which day the files are, such as 2026-08-22")
                    LocalDate date,
            @Option(
                            names = "--to",
                            defaultValue = "prices",
                            paramLabel = "FOLDER",
                            description = "the list (default: ${DEFAULT-VALUE})")
                    Path folder,
            @Option(names = "--apply", description = "write it") boolean apply)
            throws IOException {
        try {
            PriceImport made = PriceImport.read(files, date);
            PriceList before = before(folder);
            List<String> changes = made.changes(before);
            changes.forEach(terminal::print);
            made.notes().forEach(note -> terminal.say("note: " + note));
            terminal.say(
                    "%d changes; version %s%s"
                            .formatted(
                                    changes.size(),
                                    made.index().version(),
                                    before == null ? "" : " after " + before.version()));
            if (!apply) {
                terminal.say("Nothing is written: --apply writes it to " + folder + ".");
                return 0;
            }
            made.write(folder);
            terminal.say(
                    "Written to %s. The catalogue's price_list: names the folder that is used."
                            .formatted(folder));
            return 0;
        } catch (PriceListInvalid e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
    }

    /** The list in the folder; without one, the list that comes with Entrepot. */
    private static PriceList before(Path folder) {
        return Files.exists(folder.resolve(PriceList.INDEX))
                ? PriceList.open(folder)
                : PriceList.shipped();
    }

    private static String query(Map<String, @Nullable String> pairs) {
        var query = new StringBuilder();
        pairs.forEach((name, value) -> {
            if (value != null) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(name.toLowerCase(Locale.ROOT))
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        });
        return query.toString();
    }

    private static String said(String before, JsonNode json, String name) {
        return json.hasNonNull(name) ? before + text(json, name) : "";
    }

    private static String text(JsonNode json, String name) {
        return json.path(name).asString("");
    }
}
