package entrepot.market.contracts.reading;

/** One clause of every kind, with every member that may stand there. */
final class AllKinds {

    private AllKinds() {}

    static final String TEXT =
            """
            contracts:
              all:
                title: Everything that can be said
                currency: EUR
                time_zone: Europe/Berlin
                learned: 2026-01-01
                parties:
                  v: {name: Vendor, vendor: v, channels: [own]}
                  m: {name: Marine, channels: [azure]}
                documents:
                  d: {title: Agreement, publisher: p, date: 2025-12-31, url: "https://a.example/x"}
                clauses:
                  only:
                    kind: exclusivity
                    of: calls
                    says: only there
                    parties: [v, m]
                    models: [v/*]
                    apis: [stateless]
                    distribution: third-party
                    territories: [JP]
                    channels: [azure]
                    from: 2026-01-01
                    to: 2027-01-01T00:00:00Z
                    learned: 2026-01-02
                    supersedes: [terms]
                    reading: as it stands
                    source: {document: d, section: "2", quote: only, url: "https://a.example/y"}
                  first: {kind: first-ship, says: s, source: d, models: [v/*], channels: [azure],
                          window: 30d, existing: [v/old]}
                  refusal: {kind: first-refusal, says: s, source: d, holder: m, buyer: v,
                            window: 2w}
                  spend: {kind: commitment, says: s, source: d, debtor: v, creditor: m,
                          amount: 1.5 million EUR, deadline: 2030-01-01, term: 18mo,
                          channels: [azure], shortfall: owed, overage: at list price}
                  units: {kind: reserved-capacity, says: s, source: d, holder: v, channel: azure,
                          quantity: 100, unit: PTU, unit_tokens_per_minute: 2500,
                          unit_hour_price: 1.00 EUR, region: westeurope, spill: [own]}
                  prices:
                    kind: price-book
                    says: s
                    source: d
                    channel: azure
                    discount_percent: 12.5
                    rates:
                      - {tier: standard, input: 0.25, output: 2, session_hours: 0.03}
                      - {tier: batch, above_input_tokens: 200_000, input: 0.1, output: 1}
                  share: {kind: revenue-share, says: s, source: d, payer: v, payee: m,
                          base: revenue, percent: 20, cap: 10 million EUR}
                  funds:
                    kind: funding
                    says: s
                    source: d
                    investor: m
                    investee: v
                    total: 50 EUR
                    stake_percent: 3
                    tranches:
                      first: {amount: 15 EUR}
                      later: {amount: 35 EUR, trigger: a result, lapses: 2029-01-01}
                  licence: {kind: licence, says: s, source: d, licensor: v, licensees: [m],
                            exclusive: false, use: resale, channels: [azure]}
                  region: {kind: residency, says: s, source: d, channels: [azure],
                           regions: ["eu-*"], processors: [Marine]}
                  terms: {kind: terms, says: s, source: d, channels: [own], version: 2026-04,
                          url: "https://a.example/terms",
                          sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef}
                  waiver: {kind: waiver, says: s, source: d, waives: only}
                disputes:
                  - clause: funds
                    member: total
                    statements:
                      one: {says: up to 50 EUR, source: d}
                      two: {says: 50 EUR, source: {document: d}}
                    use: one
                    because: of the tranches
                  - document: d
                    member: date
                    statements:
                      one: {says: 2025-12-31, source: d}
                      two: {says: 2025-12-30, source: d}
                    use: one
                    because: of the stamp
                occurrences:
                  - {kind: shipped, model: v/new, channel: azure, at: 2026-02-01,
                     learned: 2026-02-02, source: d}
                  - {kind: paid, clause: funds, tranche: first, at: 2026-02-01,
                     learned: 2026-02-02, source: d}
                  - {kind: offered, clause: refusal, seller: m, at: 2026-02-01,
                     outcome: declined, answered: 2026-02-03, learned: 2026-02-02, source: d}
            """;
}
