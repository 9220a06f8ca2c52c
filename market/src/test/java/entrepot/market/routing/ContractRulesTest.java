package entrepot.market.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.market.Explanation;
import entrepot.market.Explanation.Way;
import entrepot.market.Inquiry;
import entrepot.market.Order;
import entrepot.market.Receipt.Verdict;
import entrepot.market.Wishes;
import entrepot.market.catalog.Catalogue;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.reading.ContractsReader;
import entrepot.market.gates.ContractGate;
import entrepot.market.terms.CatalogueResidency;
import entrepot.market.terms.ContractResidency;
import entrepot.market.terms.RegionGate;
import entrepot.market.testing.ScriptedHttp;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Clauses of contracts beside the catalogue's own rules, as a market explains them. */
class ContractRulesTest {

    private static final String YAML =
            """
            suppliers:
              frankfurt: {kind: openai-compatible, base_url: "https://a.invalid", channel: m,
                          region: eu-central-1, processor: Marine}
              dublin: {kind: openai-compatible, base_url: "https://b.invalid", channel: m,
                       region: eu-west-1, processor: Andes}
              virginia: {kind: openai-compatible, base_url: "https://c.invalid", channel: m,
                         region: us-east-1, processor: Marine}
              other: {kind: openai-compatible, base_url: "https://d.invalid", channel: x,
                      region: us-east-1, processor: Marine}
              unsaid: {kind: openai-compatible, base_url: "https://e.invalid", channel: m,
                       processor: Marine}
            models:
              v/one:
                offers:
                  - {supplier: frankfurt, name: one}
                  - {supplier: dublin, name: one}
                  - {supplier: virginia, name: one}
                  - {supplier: other, name: one}
                  - {supplier: unsaid, name: one}
              v/two: {offers: [{supplier: virginia, name: two}]}
            """;

    private static final String CONTRACT =
            """
            contracts:
              c:
                title: A contract
                learned: 2026-01-01
                parties:
                  v: {name: Vendor, vendor: v, channels: [v]}
                  m: {name: Marine, channels: [m]}
                  x: {name: Other, channels: [x]}
                documents:
                  d: {title: Agreement}
                clauses:
                  place: {kind: residency, says: Calls stay in the EU, source: d, channels: [m],
                          models: [v/*], regions: ["eu-*"], from: 2026-02-01, to: 2026-08-01}
                  not-two: {kind: waiver, says: But not for two, source: d, waives: place,
                            models: [v/two], from: 2026-03-01}
            """;

    private static final String DURING = "2026-04-01T00:00:00Z";

    private ContractBook book =
            new ContractsReader().read(new TreeMap<>(Map.of("c.yaml", CONTRACT)));
    private final Stall stall = stall(YAML);

    @Test
    void aClauseKeepsCallsOnItsChannelsInItsRegions() {
        assertThat(open(stall, "v/one", DURING)).containsExactly("frankfurt", "dublin", "other");
        Verdict no = region(stall, "virginia");
        assertThat(no.text())
                .isEqualTo(
                        "its region is us-east-1, and it must be one of eu-* (c/place): offer the"
                                + " model through a supplier whose region is one of these");
        assertThat(region(stall, "unsaid").text())
                .contains("the region of unsaid is not known")
                .contains("(c/place)");
    }

    @Test
    void theCatalogueAndTheContractsMustBothBeSatisfied() {
        Stall both = stall(YAML + "residency: [{tenant: tn_a, processors: [Marine]}]\n");
        assertThat(open(both, "v/one", DURING)).containsExactly("frankfurt", "other");
        assertThat(region(both, "dublin").source()).isEqualTo("residency[0] of the catalogue");
        assertThat(region(both, "virginia").source()).isEqualTo("c/place");
    }

    @Test
    void aClauseBindsFromItsFirstInstantToItsLast() {
        assertThat(open(stall, "v/one", "2026-01-31T23:59:59.999Z")).contains("virginia");
        assertThat(open(stall, "v/one", "2026-02-01T00:00:00Z")).doesNotContain("virginia");
        assertThat(open(stall, "v/one", "2026-07-31T23:59:59.999Z")).doesNotContain("virginia");
        assertThat(open(stall, "v/one", "2026-08-01T00:00:00Z")).contains("virginia", "unsaid");
    }

    @Test
    void aWaiverLiftsItForWhatTheWaiverSpeaksOf() {
        assertThat(open(stall, "v/two", "2026-02-28T23:59:59.999Z")).isEmpty();
        assertThat(open(stall, "v/two", "2026-03-01T00:00:00Z")).containsExactly("virginia");
        assertThat(open(stall, "v/one", "2026-03-01T00:00:00Z")).doesNotContain("virginia");
    }

    @Test
    void whatWasLearnedLaterDoesNotBind() {
        var early = Instant.parse("2025-12-31T23:59:59.999Z");
        assertThat(explain(stall, "v/one", Instant.parse(DURING), early).ways())
                .allMatch(Way::allowed);
    }

    @Test
    void aNewSnapshotIsMindedAtTheNextQuestion() {
        assertThat(open(stall, "v/one", DURING)).doesNotContain("virginia");
        book = ContractBook.EMPTY;
        assertThat(open(stall, "v/one", DURING)).contains("virginia");
    }

    @Test
    void aTenantsTerritoryComesFromTheCatalogue() {
        String inJapan =
                CONTRACT.replace("regions: [\"eu-*\"]", "regions: [\"eu-*\"], territories: [JP]");
        book = new ContractsReader().read(new TreeMap<>(Map.of("c.yaml", inJapan)));
        assertThat(open(stall, "v/one", DURING)).doesNotContain("virginia");
        Stall german = stall(YAML + "tenants: {tn_a: {territory: DE}}\n");
        assertThat(open(german, "v/one", DURING)).contains("virginia");
        Stall japanese = stall(YAML + "tenants: {tn_a: {territory: JP}, tn_b: {party: v}}\n");
        assertThat(open(japanese, "v/one", DURING)).doesNotContain("virginia");
    }

    @Test
    void aTerritoryIsACountry() {
        assertThatThrownBy(() -> stall(YAML + "tenants: {tn_a: {territory: Europe}}\n"))
                .hasMessageContaining("tenants.tn_a.territory")
                .hasMessageContaining("must be a country of ISO 3166-1");
    }

    private Stall stall(String yaml) {
        var catalogue = new Catalogue[1];
        var gates =
                List.of(
                        new RegionGate(
                                List.of(
                                        new CatalogueResidency(
                                                () -> Objects.requireNonNull(catalogue[0])),
                                        new ContractResidency(() -> book))),
                        new ContractGate(() -> book));
        var made = new Stall(yaml, new ScriptedHttp(), gates);
        catalogue[0] = made.catalogue;
        return made;
    }

    private static Verdict region(Stall stall, String supplier) {
        Instant at = Instant.parse(DURING);
        return explain(stall, "v/one", at, at).ways().stream()
                .filter(way -> way.supplier().equals(supplier))
                .flatMap(way -> way.verdicts().stream())
                .filter(verdict -> verdict.gate().equals("region"))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> open(Stall stall, String model, String at) {
        Instant then = Instant.parse(at);
        return explain(stall, model, then, then).ways().stream()
                .filter(Way::allowed)
                .map(Way::supplier)
                .toList();
    }

    private static Explanation explain(Stall stall, String model, Instant at, Instant known) {
        return stall.broker.explain(
                new Inquiry(
                        Stall.ANNA,
                        model,
                        Order.ApiKind.STATELESS,
                        "openai.chat",
                        Order.Purpose.NONE,
                        Wishes.NONE,
                        at,
                        known));
    }
}
