package entrepot.market.settlement;

import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.reading.ContractsReader;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Short catalogues and contracts for tests. */
final class Given {

    static final String SHARES =
            """
            first: {kind: revenue-share, says: a fifth, source: d, payer: v, payee: m,
                    base: revenue, percent: 20, cap: 0.0002 USD, from: 2026-01-01,
                    to: 2027-01-01}
            second: {kind: revenue-share, says: a tenth, source: d, payer: v, payee: m,
                     base: revenue, percent: 10, models: ["v/*"], supersedes: [first],
                     from: 2026-04-01, to: 2027-01-01}
            no-second: {kind: waiver, says: no more, source: d, waives: second,
                        from: 2026-07-01}
            other: {kind: revenue-share, says: the other way, source: d, payer: m, payee: v,
                    base: revenue, percent: 5}
            """;

    private Given() {}

    static Catalogue catalogue(String more) {
        String text =
                """
                suppliers:
                  azure: {kind: openai-compatible, base_url: "http://127.0.0.1:1", channel: azure}
                  bedrock: {kind: openai-compatible, base_url: "http://127.0.0.1:1",
                            channel: bedrock}
                models:
                  v/one:
                    offers:
                      - {supplier: azure, name: one}
                      - {supplier: bedrock, name: one}
                """
                        + more;
        var secrets = new SecretSources(Map.of(), Path.of(""));
        return new CatalogueReader(Map.of(), secrets).read("catalogue.yaml", text);
    }

    /**
     * @param clauses without indentation
     */
    static ContractBook contracts(String clauses) {
        String text =
                """
                contracts:
                  deal:
                    title: A deal
                    learned: 2025-01-01
                    parties:
                      v: {name: Vendor, vendor: v, channels: [own]}
                      m: {name: m, channels: [azure]}
                      n: {name: Nobody}
                    documents:
                      d: {title: Agreement}
                    clauses:
                """
                        + clauses.indent(6);
        return new ContractsReader().read(new TreeMap<>(Map.of("deal.yaml", text)));
    }
}
