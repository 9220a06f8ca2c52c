package entrepot.app.cli;

import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.List;

@Command(
        name = "limits",
        description = "Sets budgets and other limits, and shows what is used of them.",
        synopsisSubcommandLabel = "(list | create | show | update | end | alerts)")
final class LimitsCommand {

    private static final String PATH = "/admin/v1/limits";
    private static final String JSON = "as JSON";

    private final Terminal terminal;

    LimitsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Words that the shell completes. */
    enum Kind {
        key,
        principal,
        team,
        tenant,
        project,
        session,
        tree
    }

    enum Measure {
        requests,
        tokens,
        concurrency,
        money
    }

    enum Period {
        minute,
        hour,
        day,
        week,
        month,
        none
    }

    /** What can be said when a limit is made, and changed afterwards. */
    static final class Terms {

        @Option(names = "--name", paramLabel = "NAME", description = "what people call it")
        @Nullable String name;

        @Option(
                names = "--hard",
                negatable = true,
                arity = "0..1",
                fallbackValue = "true",
                description = "refuse what does not fit; --no-hard only counts and alerts")
        @Nullable Boolean hard;

        @Option(
                names = "--alert",
                split = ",",
                paramLabel = "PERCENT",
                description = "percentages at which it is alerted, such as 50,80,100")
        @Nullable List<Integer> alerts;

        @Option(
                names = "--hold-if-unknown",
                paramLabel = "AMOUNT",
                description = "what a call of unknown cost holds; refuse (the default) refuses it")
        @Nullable String holdIfUnknown;

        void addTo(ObjectNode body) {
            if (name != null) {
                body.put("name", name);
            }
            if (hard != null) {
                body.put("hard", hard.booleanValue());
            }
            if (alerts != null) {
                alerts.forEach(body.putArray("alert_percents")::add);
            }
            if (holdIfUnknown != null) {
                body.put("hold_if_unknown", holdIfUnknown.equals("refuse") ? null : holdIfUnknown);
            }
        }
    }

    /** What a limit counts, which never changes. */
    static final class Counted {

        @Option(
                names = "--of",
                required = true,
                paramLabel = "KIND",
                description = "whose use: ${COMPLETION-CANDIDATES}")
        Kind kind = Kind.tenant;

        @Option(
                names = "--id",
                paramLabel = "ID",
                description = "of the key, principal, team, project, session or root session")
        @Nullable String id;

        @Option(
                names = "--period",
                paramLabel = "PERIOD",
                description = "${COMPLETION-CANDIDATES} (default: month; none for concurrency)")
        @Nullable Period period;

        @Option(names = "--currency", paramLabel = "CODE", description = "of money (default: USD)")
        @Nullable String currency;

        @Option(
                names = "--zone",
                paramLabel = "ZONE",
                description = "whose calendar, such as Europe/Berlin (default: UTC)")
        @Nullable String zone;

        void addTo(ObjectNode body, Measure measure) {
            var scope = body.putObject("scope").put("kind", kind.name());
            if (id != null) {
                scope.put("id", id);
            }
            var usual = measure == Measure.concurrency ? Period.none : Period.month;
            body.put("measure", measure.name())
                    .put("period", (period == null ? usual : period).name());
            if (measure == Measure.money || currency != null) {
                body.put("currency", currency == null ? "USD" : currency);
            }
            if (zone != null) {
                body.put("zone", zone);
            }
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "list",
            description = "The tenant's limits that are in force.")
    int list(
            @Mixin ServerOptions server,
            @Option(names = "--ended", description = "also those that were ended") boolean ended,
            @Option(names = "--json", description = JSON + ", one limit a line") boolean json)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            var table = new Table("LIMIT", "NAME", "OF", "ALLOWS", "STATE");
            var query = "?limit=100" + (ended ? "&ended=true" : "");
            var page = api.get(PATH + query);
            while (true) {
                var last = "";
                for (var limit : page.path("data")) {
                    last = limit.path("id").asString("");
                    if (json) {
                        terminal.print(limit.toString());
                    } else {
                        row(table, limit);
                    }
                }
                if (!page.path("has_more").asBoolean(false) || last.isEmpty()) {
                    break;
                }
                page = api.get(PATH + query + "&after=" + SessionsCommand.encoded(last));
            }
            if (!json) {
                table.printTo(terminal);
            }
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "create",
            description = "Sets a limit, such as: limits create money 100 --of team --id research")
    int create(
            @Mixin ServerOptions server,
            @Parameters(
                            paramLabel = "MEASURE",
                            description = "what it counts: ${COMPLETION-CANDIDATES}")
                    Measure measure,
            @Parameters(paramLabel = "AMOUNT", description = "how much of it") String amount,
            @Mixin Counted counted,
            @Mixin Terms terms,
            @Option(names = "--json", description = JSON) boolean json)
            throws ApiFailed, InterruptedException {
        var body = JsonNodeFactory.instance.objectNode().put("amount", amount);
        counted.addTo(body, measure);
        terms.addTo(body);
        try (var api = server.connect(terminal.environment())) {
            tell(api.post(PATH, body), json, "Limit %s is in force: %s.");
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "show",
            description = "One limit, what is used of it now, and in the periods before.")
    int show(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "LIMIT", description = "its id, as in limits list") String id,
            @Option(
                            names = "--periods",
                            defaultValue = "12",
                            paramLabel = "COUNT",
                            description = "how many, 1 to 100 (default ${DEFAULT-VALUE})")
                    int periods,
            @Option(names = "--json", description = JSON) boolean json)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            var path = PATH + "/" + SessionsCommand.encoded(id);
            var limit = api.get(path);
            var history = api.get(path + "/history?limit=" + periods);
            if (json) {
                terminal.print(limit.toString());
                terminal.print(history.toString());
                return 0;
            }
            terminal.print("%s  %s".formatted(limit.path("name").asString(""), allows(limit)));
            var now = limit.path("usage");
            terminal.print(
                    "settled %s, held %s, taken by nodes %s, left %s"
                            .formatted(
                                    now.path("settled").asString("0"),
                                    now.path("held").asString("0"),
                                    now.path("taken").asString("0"),
                                    now.path("left").asString("0")));
            var table = new Table("FROM", "UNTIL", "SETTLED", "ALERTED AT");
            for (var usage : history.path("data")) {
                table.row(
                        when(usage.path("period_start")),
                        when(usage.path("period_end")),
                        usage.path("settled").asString("0"),
                        usage.path("alerted_percent").asInt(0) + " %");
            }
            if (!table.isEmpty()) {
                table.printTo(terminal);
            }
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "alerts",
            description = "What was told of limits, newest first.")
    int alerts(
            @Mixin ServerOptions server,
            @Option(names = "--limit", paramLabel = "ID", description = "only of this limit")
                    @Nullable String limit,
            @Option(
                            names = "--count",
                            defaultValue = "20",
                            paramLabel = "COUNT",
                            description = "how many, 1 to 100 (default ${DEFAULT-VALUE})")
                    int count,
            @Option(names = "--json", description = JSON + ", one alert a line") boolean json)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            String only = limit == null ? "" : "&limit_id=" + SessionsCommand.encoded(limit);
            var table = new Table("WHEN", "ALERT");
            for (var alert : api.get("/admin/v1/alerts?limit=" + count + only).path("data")) {
                if (json) {
                    terminal.print(alert.toString());
                } else {
                    table.row(when(alert.path("at")), alert.path("text").asString(""));
                }
            }
            if (!table.isEmpty()) {
                table.printTo(terminal);
            }
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "update",
            description = "Changes what is named, and keeps the rest and what was used.")
    int update(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "LIMIT", description = "its id, as in limits list") String id,
            @Option(names = "--amount", paramLabel = "AMOUNT", description = "the new amount")
                    @Nullable String amount,
            @Mixin Terms terms,
            @Option(names = "--json", description = JSON) boolean json)
            throws ApiFailed, InterruptedException {
        var body = JsonNodeFactory.instance.objectNode();
        if (amount != null) {
            body.put("amount", amount);
        }
        terms.addTo(body);
        if (body.isEmpty()) {
            throw new Refused(
                    "Nothing to change: give --amount, --name, --hard, --no-hard, --alert or"
                            + " --hold-if-unknown.");
        }
        try (var api = server.connect(terminal.environment())) {
            var path = PATH + "/" + SessionsCommand.encoded(id);
            tell(api.patch(path, body), json, "Limit %s allows %s from now on.");
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "end",
            description = "Ends a limit; what was used stays on record.")
    int end(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "LIMIT", description = "its id, as in limits list") String id,
            @Option(names = "--json", description = JSON) boolean json)
            throws ApiFailed, InterruptedException {
        try (Api api = server.connect(terminal.environment())) {
            var ended = api.delete(PATH + "/" + SessionsCommand.encoded(id));
            tell(ended, json, "Limit %s is ended: %s.");
            return 0;
        }
    }

    /**
     * @param words with a place for the id and one for what it allows
     */
    private void tell(JsonNode limit, boolean json, String words) {
        if (json) {
            terminal.print(limit.toString());
            return;
        }
        terminal.say(words.formatted(limit.path("id").asString(""), allows(limit)));
        terminal.print(limit.path("id").asString(""));
    }

    private static void row(Table table, JsonNode limit) {
        table.row(
                limit.path("id").asString(""),
                limit.path("name").asString(""),
                limit.at("/scope/kind").asString("") + " " + limit.at("/scope/id").asString(""),
                amount(limit),
                limit.hasNonNull("ended_at")
                        ? "ended"
                        : limit.path("hard").asBoolean(true) ? "in force" : "alerts only");
    }

    private static String allows(JsonNode limit) {
        return amount(limit)
                + " of "
                + limit.at("/scope/kind").asString("")
                + " "
                + limit.at("/scope/id").asString("");
    }

    private static String amount(JsonNode limit) {
        var unit =
                limit.hasNonNull("currency")
                        ? limit.path("currency").asString("")
                        : limit.path("measure").asString("");
        var period = limit.path("period").asString("none");
        return limit.path("amount").asString("")
                + " "
                + unit
                + (period.equals("none") ? "" : " a " + period);
    }

    private static String when(JsonNode seconds) {
        return seconds.isNumber() ? Instant.ofEpochSecond(seconds.longValue()).toString() : "-";
    }
}
