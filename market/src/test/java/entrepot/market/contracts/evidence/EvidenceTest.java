package entrepot.market.contracts.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.market.Money;
import entrepot.market.Order.ApiKind;
import entrepot.market.contracts.Carriage;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.evidence.Evidence.Decided;
import entrepot.market.contracts.reading.ContractsReader;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

class EvidenceTest {

    private static final String CLAUSE = "microsoft-2026-02/stateless-api";

    private static final ContractBook BOOK =
            ContractsReader.folder(
                    Path.of(System.getProperty("entrepot.root", ".."))
                            .resolve("examples/openai-2026/contracts"),
                    "contracts");

    private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant APRIL = Instant.parse("2026-04-01T00:00:00Z");

    private static Decided decided(String order, String channel, ApiKind api, String at) {
        Instant time = Instant.parse(at);
        return new Decided(
                order,
                channel,
                new Carriage("openai/gpt-5-mini", "openai", api, channel, false, "", time, time),
                Money.of("0.25", "USD"));
    }

    private static final List<Decided> DECISIONS =
            List.of(
                    decided("o3", "azure", ApiKind.STATELESS, "2026-03-31T23:59:59.999Z"),
                    decided("o1", "bedrock", ApiKind.STATELESS, "2026-03-01T00:00:00Z"),
                    decided("o1", "azure", ApiKind.STATELESS, "2026-03-01T00:00:00Z"),
                    decided("o2", "bedrock", ApiKind.STATEFUL, "2026-03-02T00:00:00Z"),
                    decided("o4", "azure", ApiKind.STATELESS, "2026-04-01T00:00:00Z"),
                    decided("o0", "azure", ApiKind.STATELESS, "2026-02-28T23:59:59.999Z"));

    private static Evidence evidence(List<Decided> decisions) {
        return Evidence.collect(BOOK, CLAUSE, MARCH, APRIL, decisions);
    }

    private static EvidenceKey keys() {
        return EvidenceKey.make(new SecureRandom());
    }

    @Test
    void holdsEveryDecisionOfThePeriodThatTheClauseTouchedAndNoOther() {
        JsonNode json = evidence(DECISIONS).json();
        assertThat(json.path("decisions").valueStream().map(EvidenceTest::words))
                .containsExactly("o1 azure true", "o1 bedrock false", "o3 azure true");
        assertThat(json.at("/clause/id").asString("")).isEqualTo(CLAUSE);
        assertThat(json.at("/clause/source/text").asString("")).contains("Joint statement");
        assertThat(json.at("/decisions/1/clause_says").asString("")).isEqualTo("forbids");
        assertThat(json.at("/decisions/1/reason").asString("")).contains(CLAUSE);
        assertThatThrownBy(() -> Evidence.collect(BOOK, "no/such", MARCH, APRIL, DECISIONS))
                .hasMessage("there is no clause no/such");
    }

    private static String words(JsonNode node) {
        return node.path("order").asString("")
                + " "
                + node.path("supplier").asString("")
                + " "
                + node.path("allowed").booleanValue();
    }

    @Test
    void theSameDecisionsInAnyOrderAreTheSameBytes() {
        var shuffled = new ArrayList<>(DECISIONS);
        Collections.reverse(shuffled);
        assertThat(CanonicalJson.bytes(evidence(shuffled).json()))
                .isEqualTo(CanonicalJson.bytes(evidence(DECISIONS).json()));
    }

    @Test
    void whoHasThePublicKeyCanVerifyIt() throws Exception {
        EvidenceKey keys = keys();
        byte[] signed = SignedEvidence.sign(evidence(DECISIONS), keys);
        assertThat(SignedEvidence.verify(signed, keys.verifying()).good()).isTrue();
        assertThat(SignedEvidence.verify(signed, keys().verifying()).good()).isFalse();
        String pretty = JsonMapper.shared().readTree(signed).toPrettyString();
        assertThat(
                        SignedEvidence.verify(
                                        pretty.getBytes(StandardCharsets.UTF_8), keys.verifying())
                                .good())
                .as("written with blanks")
                .isTrue();
    }

    @Test
    void thePublicKeyIsInItAndTheSecretOneIsNot() throws Exception {
        EvidenceKey keys = keys();
        byte[] signed = SignedEvidence.sign(evidence(DECISIONS).withLeftOut(3), keys);
        assertThat(SignedEvidence.verify(signed).good()).isTrue();
        assertThat(SignedEvidence.verify(signed).reason()).contains(keys.id());
        JsonNode json = JsonMapper.shared().readTree(signed);
        assertThat(json.at("/evidence/left_out").intValue()).isEqualTo(3);
        assertThat(EvidenceKey.publicKey(json.at("/signature/public_key").asString("")))
                .isEqualTo(keys.verifying())
                .isEqualTo(EvidenceKey.publicKey(keys.publicPem()));
        EvidenceKey again = EvidenceKey.read(keys.secretPem());
        assertThat(SignedEvidence.sign(evidence(DECISIONS).withLeftOut(3), again))
                .isEqualTo(signed);
        String other = new String(signed, StandardCharsets.UTF_8).replace(":3,", ":0,");
        assertThat(SignedEvidence.verify(other.getBytes(StandardCharsets.UTF_8)).good()).isFalse();
        assertThat(SignedEvidence.verify(new byte[0]).good()).isFalse();
        assertThat(keys.publicPem()).doesNotContain("PRIVATE");
        assertThatThrownBy(() -> EvidenceKey.read(keys.publicPem()))
                .hasMessageContaining("PRIVATE KEY");
        assertThatThrownBy(() -> EvidenceKey.publicKey("bm9uZQ==")).hasMessageContaining("Ed25519");
    }

    @Test
    void noChangeOfAByteGoesUnseen() throws Exception {
        EvidenceKey keys = keys();
        byte[] signed = SignedEvidence.sign(evidence(DECISIONS), keys);
        byte[] evidence = CanonicalJson.bytes(evidence(DECISIONS).json());
        Seeds.each(
                300,
                seeds -> {
                    byte[] changed = signed.clone();
                    int at = "{\"evidence\":".length() + seeds.upTo(evidence.length - 1);
                    changed[at] ^= (byte) (1 << seeds.upTo(6));
                    assertThat(SignedEvidence.verify(changed, keys.verifying()).good())
                            .as("bit of byte %s", at)
                            .isFalse();
                });
    }

    @Test
    void whatIsNoEvidenceIsRefusedInWords() throws Exception {
        EvidenceKey keys = keys();
        String signed =
                new String(SignedEvidence.sign(evidence(DECISIONS), keys), StandardCharsets.UTF_8);
        for (String document :
                List.of(
                        "",
                        "{}",
                        "[1",
                        "{\"evidence\":{\"format\":\"entrepot.evidence/1\"}}",
                        signed + "{}",
                        signed.replace("\"Ed25519\"", "\"none\""),
                        signed.replace("\"value\":\"", "\"value\":\"!"),
                        signed.replace("{\"evidence\":", "{\"evidence\":{},\"evidence\":"))) {
            var verified =
                    SignedEvidence.verify(
                            document.getBytes(StandardCharsets.UTF_8), keys.verifying());
            assertThat(verified.good()).as(document).isFalse();
            assertThat(verified.reason()).isNotBlank();
        }
    }

    @Test
    void theCanonicalFormIsThatOfTheRfc() {
        JsonNode node =
                JsonMapper.shared()
                        .readTree(
                                "{\"\\u20ac\": \"Euro\", \"\\r\": \"\\u000f\\n\\\"\\\\/\","
                                        + " \"1\": [true, null, -5], \"\\ud83d\\ude00\": {},"
                                        + " \"\\ufb33\": []}");
        assertThat(new String(CanonicalJson.bytes(node), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"\\r\":\"\\u000f\\n\\\"\\\\/\",\"1\":[true,null,-5],\"€\":\"Euro\","
                                + "\"😀\":{},\"\ufb33\":[]}");
        assertThatThrownBy(() -> CanonicalJson.bytes(JsonMapper.shared().readTree("[1.5]")))
                .hasMessageContaining("as a string");
    }
}
