package entrepot.market.statements.focus;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.ledger.rollups.Dimension;
import entrepot.market.ledger.rollups.Grain;
import entrepot.market.ledger.rollups.Rows;
import entrepot.market.ledger.rollups.UsageRow;
import entrepot.market.statements.BurnDown;
import entrepot.market.statements.sheet.Csv;
import entrepot.market.statements.sheet.Sheet;
import entrepot.market.statements.terms.CommitmentTerms;
import entrepot.market.statements.terms.Scope;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

final class FocusTest {

    private static final Instant AT = Instant.parse("2026-10-15T12:00:00.5Z");
    private static final CommitmentTerms TERMS =
            new CommitmentTerms(
                    "cl_1",
                    "ct_1",
                    "azure-1",
                    "spend",
                    Money.of("5", "USD"),
                    Instant.parse("2026-10-01T00:00:00Z"),
                    Instant.parse("2029-10-01T00:00:00Z"),
                    Scope.of(Dimension.MODEL, "acme/*"),
                    true);
    private static final UnitPrices PRICES =
            (model, supplier, meter) ->
                    model.equals("acme/one")
                            ? new BigDecimal(meter == Meter.OUTPUT ? "10" : "2.5")
                            : null;

    private static List<UsageRow> usage() {
        return List.of(
                row(
                        "2026-10-01",
                        "acme/one",
                        "4.5",
                        Map.of(Meter.FRESH_INPUT, 1_000_000L, Meter.OUTPUT, 200_000L)),
                row("2026-10-02", "acme/one", "1.75", Map.of(Meter.FRESH_INPUT, 1L)),
                row("2026-10-02", "zeta/x", "-0.25", Map.of(Meter.OUTPUT, 5L)),
                row("2026-10-03", "zeta/x", null, Map.of(Meter.OUTPUT, 5L)),
                Rows.of(
                        "2026-10-04",
                        Map.of(
                                Dimension.MODEL,
                                "zeta/x",
                                Dimension.SUPPLIER,
                                "azure-1",
                                Dimension.OUTCOME,
                                "corrected"),
                        "0.125",
                        null));
    }

    private static UsageRow row(
            String day,
            String model,
            @org.jspecify.annotations.Nullable String cost,
            Map<Meter, Long> meters) {
        return Rows.of(
                day,
                Map.of(
                        Dimension.MODEL,
                        model,
                        Dimension.SUPPLIER,
                        "azure-1",
                        Dimension.CHANNEL,
                        "azure",
                        Dimension.TEAM,
                        "blue",
                        Dimension.PROJECT,
                        "p1",
                        Dimension.OUTCOME,
                        "delivered"),
                cost,
                cost,
                meters);
    }

    @Test
    void costAndUsageHasARowPerMeterWhereUnitPricesGiveTheCostAndOneRowElse() throws Exception {
        FocusExport.Export export =
                FocusExport.costAndUsage(
                        new Issuer("acme", null),
                        Grain.DAY,
                        PRICES,
                        Map.of(TERMS, TERMS.amount()),
                        usage());
        assertThat(export.unpriced()).isEqualTo(1);
        Csv.Table table = Csv.read(export.sheet().csv());
        assertThat(Validator.validate(Dataset.COST_AND_USAGE, table, false)).isEmpty();
        assertThat(column(table, "BilledCost"))
                .containsExactly("2.5", "2", "1.75", "-0.25", "0.125");
        assertThat(column(table, "PricingQuantity")).containsExactly("1", "0.2", "1", "-1", "");
        assertThat(column(table, "ChargeClass")).containsExactly("", "", "", "", "Correction");
        assertThat(column(table, "ContractApplied"))
                .containsExactly(applied("2.5"), applied("2"), applied("0.5"), "", "");
        BigDecimal sum =
                column(table, "BilledCost").stream()
                        .map(BigDecimal::new)
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(sum).isEqualByComparingTo("6.125");
    }

    private static String applied(String cost) {
        return "{\"Elements\":[{\"ContractID\":\"ct_1\",\"ContractCommitmentID\":\"cl_1\","
                + "\"AppliedCost\":"
                + cost
                + "}]}";
    }

    @Test
    void theOtherDatasetsAreValidToo() throws Exception {
        var issuer = new Issuer("acme", "Example Ltd");
        BurnDown burnDown = BurnDown.of(TERMS, AT, usage(), List.of());
        var world =
                new CommitmentTerms(
                        "cl_2",
                        "ct_1",
                        "aws",
                        "",
                        Money.of("5", "USD"),
                        Instant.parse("2027-10-01T00:00:00Z"),
                        Instant.parse("2027-10-08T00:00:00Z"),
                        Scope.ALL,
                        false);
        Sheet commitments =
                OtherDatasets.commitments(
                        List.of(burnDown, BurnDown.of(world, AT, List.of(), List.of())));
        valid(Dataset.CONTRACT_COMMITMENT, commitments);
        assertThat(commitments.csv())
                .contains("3 Years")
                .contains("7 Days")
                .contains("Exhausted")
                .contains("Pending")
                .contains("StartsWith");
        valid(Dataset.INVOICE_DETAIL, OtherDatasets.invoiceDetails(issuer, usage(), "Net 30", AT));
        Sheet periods =
                OtherDatasets.billingPeriods(
                        Set.of("azure-1", "aws"),
                        Instant.parse("2026-09-10T00:00:00Z"),
                        Instant.parse("2026-11-01T00:00:00Z"),
                        AT);
        valid(Dataset.BILLING_PERIOD, periods);
        assertThat(periods.rows()).hasSize(4);
        assertThat(periods.csv()).contains("Closed").contains("Open");
        valid(
                Dataset.COST_AND_USAGE,
                FocusExport.costAndUsage(issuer, Grain.DAY, PRICES, Map.of(), usage()).sheet());
    }

    private static void valid(Dataset dataset, Sheet sheet) throws Csv.Malformed {
        Csv.Table table = Csv.read(sheet.csv());
        assertThat(table.rows()).isNotEmpty();
        assertThat(Validator.validate(dataset, table, false)).isEmpty();
        assertThat(Dataset.guess(table.columns())).isEqualTo(dataset);
    }

    @Test
    void eachThingThatIsWrongIsToldWithLineAndColumn() throws Exception {
        String good =
                FocusExport.costAndUsage(
                                new Issuer("acme", null), Grain.DAY, PRICES, Map.of(), usage())
                        .sheet()
                        .csv();
        assertThat(problems(good.replaceFirst("BilledCost", "Billedcost")))
                .anyMatch(one -> one.contains("line 1, Billedcost: the column is spelt BilledCost"))
                .anyMatch(one -> one.contains("line 1, BilledCost: the column is mandatory"));
        assertThat(problems(good.replaceFirst("x_Api", "Api")))
                .anyMatch(one -> one.contains("line 1, Api: no column"));
        assertThat(problems(good.replaceFirst("\n2.5,acme", "\n2.5,")))
                .anyMatch(one -> one.contains("line 2, BillingAccountId: it must not be empty"));
        assertThat(problems(good.replaceFirst("\n2.5,", "\n\"2,5\",")))
                .anyMatch(one -> one.contains("line 2, BilledCost: '2,5' is not a number"));
        assertThat(problems(good.replaceFirst(",Usage,", ",Used,")))
                .anyMatch(one -> one.contains("line 2, ChargeCategory: 'Used' is none of"));
        assertThat(problems(good.replaceFirst("2026-10-02T00:00:00Z", "2026-10-01T00:00:00Z")))
                .anyMatch(one -> one.contains("ChargePeriodEnd: it is not after"));
        assertThat(problems(good.replaceFirst("2026-11-01T00:00:00Z", "2026-11-01")))
                .anyMatch(one -> one.contains("BillingPeriodEnd: '2026-11-01' is not a time"));
        assertThat(problems(good.replaceFirst(",USD,", ",Usd,")))
                .anyMatch(one -> one.contains("BillingCurrency: 'Usd' is not an ISO 4217"));
        assertThat(problems(good.replaceFirst(",2.5,2.5,Standard,1,", ",2.5,2.5,Standard,3,")))
                .anyMatch(one -> one.contains("ListCost: it is 2.5, and ListUnitPrice times"));
        assertThat(problems(good.replaceFirst("\"\\{\"\"project[^,]*\"", "\"{oops\"")))
                .anyMatch(one -> one.contains("Tags: it is not JSON"));
    }

    private static List<String> problems(String csv) throws Csv.Malformed {
        return Validator.validate(Dataset.COST_AND_USAGE, Csv.read(csv), false).stream()
                .map(Finding::toString)
                .toList();
    }

    /**
     * The specification's examples of versions 1.1 and 1.2. What 1.4 asks beyond them is noted;
     * what is left are their own slips, which are listed here.
     */
    @Test
    void theSpecificationsExamplesAreTakenAsExcerptsOfEarlierVersions() throws Exception {
        var errors = new ArrayList<String>();
        var notes = new ArrayList<String>();
        var readme = FocusTest.class.getResource("/focus/README.md");
        Path folder = Path.of(Objects.requireNonNull(readme).toURI()).resolveSibling("");
        try (var files = Files.list(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".csv")).sorted().toList()) {
                Csv.Table table = Csv.read(Files.readString(file));
                assertThat(Dataset.guess(table.columns()))
                        .as(file.toString())
                        .isEqualTo(Dataset.COST_AND_USAGE);
                for (Finding finding : Validator.validate(Dataset.COST_AND_USAGE, table, true)) {
                    (finding.error() ? errors : notes).add(file.getFileName() + ": " + finding);
                }
            }
        }
        assertThat(notes)
                .anyMatch(one -> one.contains("ProviderName: removed in 1.4"))
                .anyMatch(one -> one.contains("is not a time in UTC"));
        assertThat(String.join("\n", errors) + "\n")
                .isEqualTo(Files.readString(folder.resolve("slips.txt")));
    }

    private static List<String> column(Csv.Table table, String name) {
        int at = table.columns().indexOf(name);
        return table.rows().stream().map(row -> row.cells().get(at)).toList();
    }
}
