package entrepot.app.books;

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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code entrepot capacity}. */
@Command(
        name = "capacity",
        description = {
            "Shows reserved units, commitments and rights of first refusal:",
            "what the node used in the last minute, what will be missing, who must be asked."
        })
public final class CapacityCommand implements Callable<Integer> {

    private static final String PATH = "/admin/v1/capacity";

    /** The exit code of a purchase that may not be made now. */
    private static final int REFUSED = 3;

    private final Desk desk;

    @Mixin ServerFlags server = new ServerFlags();

    @Option(names = "--json", description = "as JSON")
    boolean json;

    public CapacityCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws ApiFailed, InterruptedException {
        try (Api api = server.connect(desk)) {
            JsonNode told = api.get(PATH);
            if (json) {
                desk.print(told.toPrettyString());
                return 0;
            }
            reserved(told);
            commitments(told);
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "ask",
            description = {
                "May capacity be bought from SELLER, and who has to be asked first?",
                "Exit code 3 when it may not be bought now."
            })
    int ask(
            @Mixin ServerFlags to,
            @Parameters(paramLabel = "SELLER", description = "a party of the contracts")
                    String seller,
            @Option(
                            names = "--buyer",
                            paramLabel = "PARTY",
                            description =
                                    "who buys (default: the tenant's own party, or the"
                                            + " catalogue's)")
                    @Nullable String buyer,
            @Option(
                            names = "--purchase",
                            paramLabel = "NAME",
                            description = "which purchase, as it was offered")
                    @Nullable String purchase,
            @Option(names = "--at", paramLabel = "DATE", description = "when (default: now)")
                    @Nullable String at,
            @Option(names = "--json", description = "as JSON") boolean asJson)
            throws ApiFailed, InterruptedException {
        var query = new StringBuilder("?seller=" + ServerFlags.encoded(seller));
        add(query, "buyer", buyer);
        add(query, "purchase", purchase);
        add(query, "at", at);
        try (Api api = to.connect(desk)) {
            JsonNode told = api.get(PATH + "/purchase" + query);
            boolean allowed = told.path("allowed").asBoolean(false);
            if (asJson) {
                desk.print(told.toPrettyString());
            } else {
                desk.print((allowed ? "yes " : "NO  ") + told.path("reason").asString(""));
                if (told.path("until").isString()) {
                    desk.print("    it may be bought from " + told.path("until").asString(""));
                }
                if (!told.path("evidence").asString("").isEmpty()) {
                    desk.print("    to be kept: " + told.path("evidence").asString(""));
                }
            }
            return allowed ? 0 : REFUSED;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "offer",
            description = "Records that a purchase was offered to whoever has the right to it.")
    int offer(
            @Mixin ServerFlags to,
            @Parameters(paramLabel = "CLAUSE", description = "contract/clause") String clause,
            @Mixin Step step,
            @Option(
                            names = "--seller",
                            required = true,
                            paramLabel = "PARTY",
                            description = "from whom it would be bought otherwise")
                    String seller,
            @Option(
                            names = "--purchase",
                            paramLabel = "NAME",
                            description = "which purchase, when there are several")
                    @Nullable String purchase)
            throws ApiFailed, InterruptedException {
        ObjectNode body = step.body("offered_at").put("clause", clause).put("seller", seller);
        if (purchase != null) {
            body.put("purchase", purchase);
        }
        return tell(to, "/notices", body, step.json);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "answer",
            description = "Records what the holder of the right answered, once and for all.")
    int answer(
            @Mixin ServerFlags to,
            @Parameters(paramLabel = "NOTICE", description = "its id, as in capacity notices")
                    String notice,
            @Parameters(paramLabel = "OUTCOME", description = "matched or declined") String outcome,
            @Mixin Step step)
            throws ApiFailed, InterruptedException {
        return tell(
                to,
                "/notices/" + ServerFlags.encoded(notice) + "/answer",
                step.body("answered_at").put("outcome", outcome),
                step.json);
    }

    /** What each step of the procedure says. */
    static final class Step {

        @Option(
                names = "--document",
                required = true,
                paramLabel = "TEXT",
                description = "what shows it: a letter's number, or where it lies")
        String document = "";

        @Option(names = "--at", paramLabel = "DATE", description = "when (default: now)")
        @Nullable String at;

        @Option(names = "--json", description = "as JSON")
        boolean json;

        ObjectNode body(String time) {
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("document", document);
            return at == null ? body : body.put(time, at);
        }
    }

    private int tell(ServerFlags to, String path, ObjectNode body, boolean asJson)
            throws ApiFailed, InterruptedException {
        try (Api api = to.connect(desk)) {
            JsonNode notice = api.post(PATH + path, body);
            if (asJson) {
                desk.print(notice.toString());
                return 0;
            }
            desk.say(
                    "%s is %s%s."
                            .formatted(
                                    notice.path("id").asString(""),
                                    notice.path("standing").asString(""),
                                    notice.path("deadline").isString()
                                            ? "; its window ends on "
                                                    + notice.path("deadline").asString("")
                                            : ""));
            desk.print(notice.path("id").asString(""));
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "notices",
            description = "What was offered to holders of rights, and what they answered.")
    int notices(
            @Mixin ServerFlags to,
            @Option(names = "--json", description = "as JSON, one notice a line") boolean asJson)
            throws ApiFailed, InterruptedException {
        try (Api api = to.connect(desk)) {
            var table =
                    new Columns(
                            "NOTICE",
                            "CLAUSE",
                            "SELLER",
                            "PURCHASE",
                            "OFFERED",
                            "DEADLINE",
                            "STANDING");
            for (JsonNode notice : api.get(PATH + "/notices").path("data")) {
                if (asJson) {
                    desk.print(notice.toString());
                    continue;
                }
                String purchase = notice.path("purchase").asString("");
                table.row(
                        notice.path("id").asString(""),
                        notice.path("clause").asString(""),
                        notice.path("seller").asString(""),
                        purchase.isEmpty() ? "-" : purchase,
                        notice.path("offered_at").asString(""),
                        notice.path("deadline").isString()
                                ? notice.path("deadline").asString("")
                                : "none",
                        notice.path("standing").asString(""));
            }
            if (!asJson) {
                table.printTo(desk);
            }
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "evidence",
            description = {
                "Writes the record of one notice, signed by the server.",
                "entrepot contracts verify FILE checks it."
            })
    int evidence(
            @Mixin ServerFlags to,
            @Parameters(paramLabel = "NOTICE", description = "its id, as in capacity notices")
                    String notice,
            @Option(
                            names = "--out",
                            required = true,
                            paramLabel = "FILE",
                            description = "into this file")
                    Path out)
            throws ApiFailed, InterruptedException {
        try (Api api = to.connect(desk)) {
            JsonNode signed =
                    api.get(PATH + "/notices/" + ServerFlags.encoded(notice) + "/evidence");
            Files.writeString(out, signed.toString());
            desk.print(
                    "%s: %s, signed with the key %s"
                            .formatted(
                                    out,
                                    signed.at("/evidence/standing").asString(""),
                                    signed.at("/signature/key_id").asString("")));
            return 0;
        } catch (IOException e) {
            throw new Unusable(out + " cannot be written: " + e.getMessage());
        }
    }

    private static void add(StringBuilder query, String name, @Nullable String value) {
        if (value != null) {
            query.append('&').append(name).append('=').append(ServerFlags.encoded(value));
        }
    }

    private void reserved(JsonNode told) {
        var table =
                new Columns(
                        "RESERVED",
                        "AT",
                        "MODELS",
                        "TOKENS/MIN",
                        "USED",
                        "REQUESTS",
                        "STATE",
                        "SPILLED");
        for (JsonNode each : told.path("reserved")) {
            String models = joined(each.path("models"));
            table.row(
                    each.path("units").asString("") + " " + each.path("unit").asString(""),
                    joined(each.path("suppliers")),
                    models.isEmpty() ? "all" : models,
                    each.path("tokens_per_minute").asString("?"),
                    each.at("/used/tokens").asString("0")
                            + " ("
                            + each.at("/used/percent").asString("0")
                            + " %)",
                    each.at("/used/requests").asString("0"),
                    each.path("full").asBoolean(false)
                            ? "full (spill: " + each.path("spill").asString("") + ")"
                            : "has room",
                    each.path("orders_spilled").asString("0"));
        }
        if (table.isEmpty()) {
            desk.say("No units are reserved: see docs/capacity.md.");
        } else {
            table.printTo(desk);
        }
    }

    private void commitments(JsonNode told) {
        var table =
                new Columns("COMMITMENT", "CHANNELS", "AMOUNT", "SPENT", "MISSING", "UNTIL", "");
        for (JsonNode each : told.path("commitments")) {
            table.row(
                    each.path("clause").asString(""),
                    joined(each.path("channels")),
                    money(each.path("amount")),
                    money(each.path("spent")),
                    money(each.path("shortfall")),
                    each.path("until").asString("").substring(0, 10),
                    each.path("at_risk").asBoolean(false) ? "behind plan" : "on plan");
        }
        if (!table.isEmpty()) {
            desk.print("");
            table.printTo(desk);
        }
    }

    private static String money(JsonNode money) {
        return money.isObject()
                ? money.path("amount").asString("") + " " + money.path("currency").asString("")
                : "not known";
    }

    private static String joined(JsonNode texts) {
        List<String> all = new ArrayList<>();
        texts.forEach(text -> all.add(text.asString("")));
        return String.join(", ", all);
    }
}
