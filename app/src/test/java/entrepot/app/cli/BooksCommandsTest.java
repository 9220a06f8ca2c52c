package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.app.client.Api;
import entrepot.app.server.Server;
import entrepot.app.settings.Setting;
import entrepot.app.settings.SettingsReader;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The ledger, its statements, FOCUS and prices from the command line, over a whole server. */
class BooksCommandsTest extends CommandLine {

    private static final String EVER = "--from=2020-01 --to=2100-01";

    private final ScriptedSupplier supplier = ScriptedSupplier.start();

    @BeforeEach
    void write() throws IOException {
        catalogue("charges:\n  - {name: up, models: [openai/one], mark_up: 20}\n");
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(
                folder.resolve("contracts/deal.yaml"),
                """
                contracts:
                  deal:
                    title: A deal
                    learned: 2020-01-01
                    parties:
                      us: {name: Us}
                      cloud: {name: The Cloud, channels: [azure]}
                    documents: {d: {title: The deal}}
                    clauses:
                      spend: {kind: commitment, says: we spend, source: d, debtor: us,
                              creditor: cloud, amount: 1 million USD, shortfall: owed,
                              from: 2020-01-01, deadline: 2090-01-01}
                      part: {kind: revenue-share, says: a fifth is theirs, source: d, payer: us,
                             payee: cloud, base: revenue, percent: 20, cap: 0.000001 USD,
                             from: 2020-01-01}
                      secret: {kind: revenue-share, says: more is theirs, source: d, payer: us,
                               payee: cloud, base: revenue, percent: not-public,
                               from: 2020-01-01}
                      funds: {kind: funding, says: they invest, source: d, investor: cloud,
                              investee: us, total: 5 USD, from: 2020-01-01,
                              tranches: {first: {amount: 5 USD}}}
                """);
        supplier.always(ChatScripts.answer("Good day", 3, 2));
    }

    @AfterEach
    void close() {
        supplier.close();
    }

    @Test
    void theLedgerIsShownCheckedAndCorrected() throws Exception {
        try (var server = start()) {
            String row = ask(server, 1);
            assertThat(runs(server, "ledger list")).isZero();
            assertThat(told()).contains(row, "0.000022 USD", "0.0000264 USD", "up", "delivered");
            assertThat(runs(server, "ledger show " + row)).isZero();
            assertThat(told()).contains("deal/part", "share_payable", "0.00000528");
            assertThat(runs(server, "ledger show rcpt_none")).isEqualTo(1);
            assertThat(told()).contains("There is no row 'rcpt_none'");
            assertThat(runs(server, "ledger charges")).isZero();
            assertThat(told()).contains("up", "openai/one", "deal/part", "that us owes");
            assertThat(runs(server, "ledger usage --by=team,channel " + EVER)).isZero();
            assertThat(told()).contains("azure", "0.000022");
            assertThat(runs(server, "ledger usage --by=colour " + EVER)).isEqualTo(1);
            assertThat(told()).contains("'colour' is none of team");
            assertThat(runs(server, "ledger rerate", row, "--cost", "0.5", "--reason", "x"))
                    .isEqualTo(1);
            assertThat(told()).contains("--cost must be an amount and a currency");
            assertThat(runs(server, "ledger rerate", row, "--cost", "0.5 USD", "--reason", "x"))
                    .isZero();
            assertThat(told()).contains("Booked as row " + row + "~");
            assertThat(runs(server, "ledger balance " + EVER)).isZero();
            assertThat(told()).contains("receivable").contains("0.6").contains("supplier_payable");
            assertThat(runs(server, "ledger verify")).isZero();
            assertThat(told()).contains("3 rows are what was written");
            assertThat(runs(server, "ledger rebuild")).isZero();
            assertThat(told()).contains("The kept sums are what the rows add up to");
        }
    }

    @Test
    void statementsTakeTheirTermsFromTheContractsInForce() throws Exception {
        try (var server = start()) {
            ask(server, 1);
            assertThat(runs(server, "statements commitments")).isZero();
            assertThat(told())
                    .contains("deal/spend to The Cloud", "1000000", "0.000022", "shortfall");
            assertThat(runs(server, "statements shares " + EVER)).isZero();
            assertThat(told())
                    .contains("Share deal/part to The Cloud: 20 % of revenue, at most 0.000001")
                    .contains("0.00000528", "0.000001")
                    .contains("note: deal/secret is left out: its percentage is not public");
            assertThat(runs(server, "statements shares --party=cloud " + EVER)).isZero();
            assertThat(told())
                    .contains("what is earned by us is not in this ledger")
                    .contains("There is nothing to tell");
            assertThat(runs(server, "statements funding --at=2026-04-01")).isZero();
            assertThat(told()).contains("deal/funds/first", "owed");
            assertThat(runs(server, "statements segments --by=team,channel " + EVER)).isZero();
            assertThat(told()).contains("azure", "0.000022", "0.0000264", "0.0000044");
            assertThat(runs(server, "statements party --supplier=a1 " + EVER)).isZero();
            assertThat(told()).contains("Statement of supplier a1", "supplier_payable");
            Path invoice = folder.resolve("invoice.csv");
            Files.writeString(invoice, "model,amount,currency\nopenai/one,1,USD\n");
            assertThat(
                            runs(
                                    server,
                                    "statements reconcile --supplier=a1 --period=2020-01"
                                            + " --invoice="
                                            + invoice))
                    .isEqualTo(1);
            assertThat(told()).contains("not_in_ledger");
            Path terms = folder.resolve("terms.json");
            Files.writeString(
                    terms,
                    """
                    {"commitments": [{"id": "own", "party": "P", "amount": {"amount": "7",
                     "currency": "USD"}, "from": "2020-01", "to": "2090-01"}]}
                    """);
            assertThat(runs(server, "statements commitments --terms=" + terms)).isZero();
            assertThat(told()).contains("own to P").doesNotContain("deal/spend");
        }
    }

    @Test
    void everyDatasetOfFocusConforms() throws Exception {
        try (var server = start()) {
            ask(server, 1);
            for (String dataset :
                    List.of(
                            "cost-and-usage",
                            "contract-commitment",
                            "invoice-detail",
                            "billing-period")) {
                Path file = folder.resolve(dataset + ".csv");
                String export = "focus export --dataset=" + dataset + " --out=" + file + " " + EVER;
                assertThat(runs(server, export)).as(dataset).isZero();
                assertThat(Files.readAllLines(file)).as(dataset).hasSizeGreaterThan(1);
                told();
                assertThat(run("focus", "validate", file.toString())).as(dataset).isZero();
                assertThat(told()).contains("conforms to FOCUS 1.4");
            }
            assertThat(Files.readString(folder.resolve("cost-and-usage.csv")))
                    .as("the commitment applies")
                    .contains("deal/spend");
            assertThat(runs(server, "focus export --view=charge --dataset=cost-and-usage " + EVER))
                    .isZero();
            assertThat(told()).contains("0.0000264");
            assertThat(runs(server, "focus export --dataset=costs " + EVER)).isEqualTo(1);
            assertThat(told()).contains("There is no dataset 'costs'");
        }
    }

    @Test
    void pricesAreShownAndChecked() throws Exception {
        try (var server = start()) {
            assertThat(runs(server, "prices show openai/one")).isZero();
            assertThat(told()).contains("a1 sells it as one", "input", "output", "8");
            assertThat(runs(server, "prices show openai/one --tier=flex")).isZero();
            assertThat(told()).contains("no price is known");
            assertThat(runs(server, "prices show openai/oen")).isEqualTo(1);
            assertThat(told()).contains("did you mean 'openai/one'?");
            assertThat(runs(server, "prices show openai/one --at=2026-13-01")).isEqualTo(1);
            assertThat(told()).contains("it must be a date or an instant");
            assertThat(runs(server, "prices check")).isEqualTo(3);
            assertThat(told()).contains("openai/secret").doesNotContain("openai/one");
        }
    }

    @Test
    void aChangedChargeHoldsWithoutARestart() throws Exception {
        try (var server = start()) {
            ask(server, 1);
            catalogue("charges:\n  - {name: half, mark_up: 50}\n");
            try (var api = api(server)) {
                while (!api.get("/admin/v1/charges").toString().contains("half")) {
                    Thread.onSpinWait();
                }
            }
            ask(server, 2);
            assertThat(runs(server, "ledger list")).isZero();
            assertThat(told()).contains("0.0000264 USD", "up", "0.000033 USD", "half");
        }
    }

    private void catalogue(String charges) throws IOException {
        Path fresh = folder.resolve("fresh.yaml");
        Files.writeString(
                fresh,
                """
                party: us
                suppliers:
                  a1: {kind: openai-compatible, base_url: "%s", channel: azure}
                models:
                  openai/one:
                    offers:
                      - {supplier: a1, name: one, prices: {input: 2, output: 8}}
                  openai/secret:
                    offers:
                      - {supplier: a1, name: secret, prices: unknown}
                """
                                .formatted(supplier.baseUrl())
                        + charges);
        Files.move(
                fresh,
                folder.resolve("catalogue.yaml"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private Server start() {
        var flags = Map.of(Setting.PORT, "0");
        return Server.start(SettingsReader.read(flags, environment()), environment());
    }

    private static Api api(Server server) {
        return new Api(URI.create(server.url()), server.firstKey().orElseThrow());
    }

    /**
     * Buys an answer, and waits until the ledger has as many receipts.
     *
     * @return the newest
     */
    private static String ask(Server server, int receipts) throws Exception {
        var body = JsonNodeFactory.instance.objectNode().put("model", "openai/one");
        body.putArray("messages").addObject().put("role", "user").put("content", "Hi");
        try (var api = api(server)) {
            api.post("/v1/chat/completions", body);
            while (true) {
                JsonNode found = api.get("/admin/v1/receipts").path("data");
                if (found.size() == receipts) {
                    return found.get(0).path("id").stringValue();
                }
                Thread.onSpinWait();
            }
        }
    }

    /**
     * @param words of the command line, apart by blanks
     * @param more as they are
     */
    private int runs(Server server, String words, String... more) {
        var all = new ArrayList<>(List.of(words.split(" ")));
        all.addAll(List.of(more));
        return run(server, all.toArray(String[]::new));
    }
}
