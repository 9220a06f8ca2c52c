package entrepot.market.contracts.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.market.yaml.YamlInvalid;

import org.junit.jupiter.api.Test;

/** Contradictions that no single clause shows, each told with both places. */
class ChecksTest {

    private static String exclusive(String id, String channel, String more) {
        return """
        %s:
          kind: exclusivity
          says: s
          models: [v/*]
          channels: [%s]
          source: d
          %s
        """
                .formatted(id, channel, more);
    }

    private static void refused(String message, String... texts) {
        assertThatThrownBy(() -> Texts.read(texts))
                .isInstanceOf(YamlInvalid.class)
                .hasMessageContaining(message);
    }

    @Test
    void twoExclusivesForOneScopeInFavourOfDifferentChannels() {
        refused(
                "b.yaml:12:7: two/x: gives to bedrock what one/x (a.yaml:12) gives to azure",
                Texts.contract("one", exclusive("x", "azure", "from: 2026-01-01")),
                Texts.contract("two", exclusive("x", "bedrock", "from: 2026-06-01")));
    }

    @Test
    void moneyThatCannotBeOwed() {
        String spend = "{kind: commitment, says: s, source: d, debtor: v, creditor: m, amount: ";
        refused("nobody owes himself", one(spend.replace("creditor: m", "creditor: v") + "5 USD}"));
        refused("amount is 0 USD: it must be more", one(spend + "0 USD}"));
        refused(
                "add to one another in a circle: c/x → c/y → c/x",
                Texts.contract(
                        "c",
                        "x: " + spend + "5 USD, adds_to: y}\ny: " + spend + "5 USD, adds_to: x}"));
        refused(
                "is owed by v to a, and adds to c/y (a.yaml:13), which is owed by v to m",
                Texts.contract(
                        "c",
                        "x: "
                                + spend.replace("creditor: m", "creditor: a")
                                + "5 USD, adds_to: y}\ny: "
                                + spend
                                + "5 USD}"));
        refused(
                "payer and payee are both v",
                one(
                        "{kind: revenue-share, says: s, source: d, payer: v, payee: v, base: cost,"
                                + " percent: 1}"));
        refused(
                "tranche t lapses before the funding begins",
                one(
                        "{kind: funding, says: s, source: d, investor: m, investee: v, total: 5"
                                + " USD, from: 2026-01-01, tranches: {t: {amount: 5 USD, lapses:"
                                + " 2025-01-01}}}"));
        refused(
                "which is a waiver itself",
                Texts.contract(
                        "c",
                        "x: {kind: waiver, says: s, source: d, waives: y}\n"
                                + "y: {kind: waiver, says: s, source: d, waives: x}"));
    }

    private static String one(String clause) {
        return Texts.contract("c", "x: " + clause);
    }

    @Test
    void anExclusiveLicenceForResaleContradictsAnExclusiveChannel() {
        refused(
                "c/y: gives to bedrock, own what c/x (a.yaml:12) gives to azure",
                Texts.contract(
                        "c",
                        exclusive("x", "azure", "")
                                + "y: {kind: licence, says: s, models: [v/*], licensor: v,"
                                + " licensees: [a], exclusive: true, use: resale, source: d}"));
    }

    @Test
    void noContradictionWhenTheyDifferInTimeApiTerritorySellerOrWidth() {
        String one = exclusive("x", "azure", "to: 2026-06-01");
        assertThat(
                        Texts.read(
                                        Texts.contract(
                                                "c",
                                                one
                                                        + exclusive(
                                                                "y",
                                                                "bedrock",
                                                                "from: 2026-06-01")))
                                .clauses())
                .hasSize(2);
        for (String pair :
                new String[] {
                    "apis: [stateless]/apis: [stateful, platform]",
                    "territories: [JP]/territories: [DE]",
                    "distribution: first-party/distribution: third-party"
                }) {
            String[] two = pair.split("/");
            String text = exclusive("x", "azure", two[0]) + exclusive("y", "bedrock", two[1]);
            assertThat(Texts.read(Texts.contract("c", text)).clauses()).hasSize(2);
        }
        String narrower = exclusive("x", "azure, own", "") + exclusive("y", "azure", "");
        assertThat(Texts.read(Texts.contract("c", narrower)).clauses()).hasSize(2);
    }

    @Test
    void anAmendmentSettlesWhatWouldContradict() {
        assertThat(
                        Texts.read(
                                        Texts.contract("one", exclusive("x", "azure", "")),
                                        Texts.contract(
                                                "two",
                                                exclusive(
                                                        "x",
                                                        "bedrock",
                                                        "from: 2026-06-01\n  supersedes:"
                                                                + " one/x")))
                                .clauses())
                .hasSize(2);
    }

    @Test
    void clausesThatSupersedeOneAnotherInACircle() {
        refused(
                "c/x: clauses supersede one another in a circle: c/x (a.yaml:12) → c/y"
                        + " (a.yaml:19) → c/x: drop one",
                Texts.contract(
                        "c",
                        exclusive("x", "azure", "supersedes: y")
                                + exclusive("y", "azure", "supersedes: x")));
    }

    @Test
    void aClauseThatIsNotThere() {
        refused(
                "a.yaml:12:7: c/x: supersedes: there is no clause c/yy; did you mean 'c/y'?",
                Texts.contract(
                        "c",
                        exclusive("x", "azure", "supersedes: yy") + exclusive("y", "azure", "")));
        refused(
                "waives: there is no clause d/e",
                Texts.contract("c", "w: {kind: waiver, says: s, source: d, waives: d/e}"));
    }

    @Test
    void anAmendmentThatBeginsOrWasKnownBeforeWhatItAmends() {
        refused(
                "takes effect before what it supersedes begins: c/y (a.yaml:20) begins 2026-05-01",
                Texts.contract(
                        "c",
                        exclusive("x", "azure", "from: 2026-04-01\n  supersedes: y")
                                + exclusive("y", "azure", "from: 2026-05-01")));
        refused(
                "was learned of before what it supersedes: c/y (a.yaml:20) was learned of"
                        + " 2026-02-01",
                Texts.contract(
                        "c",
                        exclusive("x", "azure", "from: 2026-04-01\n  supersedes: y")
                                + exclusive("y", "azure", "learned: 2026-02-01")));
    }

    @Test
    void nobodyLosesARightByAContractToWhichTheyAreNoParty() {
        String without =
                Texts.contract(
                                "two",
                                exclusive("x", "azure", "from: 2026-06-01\n  supersedes: one/x"))
                        .replaceFirst(" +a: \\{name: Andes.*\n", "");
        refused(
                "b.yaml:11:7: two/x: one/x (a.yaml:12) cannot be superseded by a contract to which"
                        + " a is not a party",
                Texts.contract("one", exclusive("x", "bedrock", "")),
                without);
    }

    @Test
    void amountsThatDoNotAdd() {
        String spend =
                "k: {kind: commitment, says: s, source: d, debtor: v, creditor: m, amount: 5}";
        refused(
                "b.yaml:13:7: two/k: is in EUR and adds to one/k (a.yaml:12) in USD",
                Texts.contract("one", spend),
                Texts.contract("two", spend.replace("5}", "5, adds_to: one/k}"))
                        .replaceFirst("title:", "currency: EUR\n    title:"));
        refused(
                "the tranches add up to 4 USD, but the total is 5 USD",
                Texts.contract(
                        "c",
                        "k: {kind: funding, says: s, source: d, investor: m, investee: v,"
                                + " total: 5, tranches: {one: {amount: 4}}}"));
    }

    @Test
    void idsThatStandTwice() {
        String text = Texts.contract("c", exclusive("x", "azure", ""));
        refused("b.yaml:2:3: c: another contract has this id (a.yaml:2)", text, text);
        refused(
                "c.clauses.x: stands here twice (first in line 12)",
                Texts.contract("c", exclusive("x", "azure", "") + exclusive("x", "azure", "")));
    }

    @Test
    void aPartyThatIsDescribedInTwoWaysAndAChannelOfNobody() {
        String text = Texts.contract("one", exclusive("x", "azure", ""));
        refused(
                "b.yaml:7:7: m: this party is described otherwise in a.yaml:7",
                text,
                text.replace("one:", "two:").replace("Marine", "Mariner"));
        refused(
                "c/x: no party sells on the channel 'azur'",
                Texts.contract("c", exclusive("x", "azur", "")));
    }

    @Test
    void aDisputeWhoseUsedStatementIsNotWhatTheClauseSays() {
        String dispute =
                """
                    disputes:
                      - clause: k
                        member: amount
                        statements:
                          low: {says: 5 USD, source: d}
                          high: {says: 6 USD, source: d}
                        use: %s
                        because: it was signed
                """;
        String text =
                Texts.contract(
                        "c",
                        "k: {kind: commitment, says: s, source: d, debtor: v, creditor: m,"
                                + " amount: 5}");
        assertThat(Texts.read(text + dispute.formatted("low")).contracts()).hasSize(1);
        refused(
                "a.yaml:14:9: c.disputes: says that 'high' is used, which says '6 USD', but amount"
                        + " of c/k is '5 USD'",
                text + dispute.formatted("high"));
        refused("must be one of low, high", text + dispute.formatted("middle"));
    }

    @Test
    void whatHappenedUnderAClauseThatIsNotThere() {
        String text = Texts.contract("c", exclusive("x", "azure", ""));
        refused(
                "c/x has no tranche 'first'",
                text
                        + "    occurrences:\n      - {kind: paid, clause: x, tranche: first,"
                        + " at: 2026-01-01, source: d}\n");
        refused(
                "c/x is no right of first refusal",
                text
                        + "    occurrences:\n      - {kind: offered, clause: x, seller: m,"
                        + " at: 2026-01-01, source: d}\n");
    }
}
