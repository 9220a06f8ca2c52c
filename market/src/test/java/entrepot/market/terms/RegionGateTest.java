package entrepot.market.terms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import entrepot.identity.Caller;
import entrepot.identity.Caller.Scope;
import entrepot.market.Order;
import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.Model;
import entrepot.market.catalog.SecretSources;
import entrepot.market.gates.Question;
import entrepot.market.yaml.YamlInvalid;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The same model on the same bill may be worked on elsewhere by somebody else. */
class RegionGateTest {

    private static final String YAML =
            """
            suppliers:
              frankfurt: {kind: bedrock, region: eu-central-1, territory: DE, key_env: KEY,
                          processor: AWS}
              virginia: {kind: bedrock, region: us-east-1, territory: US, key_env: KEY,
                         processor: AWS}
              vendor: {kind: openai-compatible, base_url: "https://v.invalid/v1", processor: Acme}
            models:
              acme/one:
                offers:
                  - {supplier: frankfurt, name: one}
                  - {supplier: virginia, name: one}
                  - {supplier: vendor, name: one}
                  - {supplier: built-in, name: entrepot/echo-1}
            """;

    private String residency = "";

    @Test
    void withoutARuleContentMayGoAnywhere() {
        assertThat(judge("vendor", "tn_a", Order.Purpose.NONE).passed()).isTrue();
    }

    @Test
    void aCountryLiesInItsUnionAndWhatIsNotKnownIsRefusedWithWhatToSay() {
        residency = "residency: [{tenant: tn_a, territories: [EU]}]";
        assertThat(judge("frankfurt", "tn_a", Order.Purpose.NONE).passed()).isTrue();
        Verdict abroad = judge("virginia", "tn_a", Order.Purpose.NONE);
        assertThat(abroad.text())
                .isEqualTo(
                        "its territory is US, and it must be one of EU (residency[0] of the"
                                + " catalogue): offer the model through a supplier whose territory"
                                + " is one of these");
        Verdict unknown = judge("vendor", "tn_a", Order.Purpose.NONE);
        assertThat(unknown.passed()).isFalse();
        assertThat(unknown.reason()).contains("the territory of vendor is not known");
        assertThat(unknown.remedy())
                .isEqualTo("say 'territory' of suppliers.vendor in the catalogue");
        assertThat(judge("built-in", "tn_a", Order.Purpose.NONE).passed()).isTrue();
    }

    @Test
    void aRuleOfOneTenantConcernsNoOther() {
        residency = "residency: [{tenant: tn_a, territories: [EU]}]";
        assertThat(judge("virginia", "tn_b", Order.Purpose.NONE).passed()).isTrue();
    }

    @Test
    void rulesMayBeForAProjectOrADataClassAndAllThatFitHold() {
        residency =
                """
                residency:
                  - {data_class: personal, processors: [AWS]}
                  - {project: desk, regions: [eu-c*, eu-west-1]}
                """;
        var personal = new Order.Purpose(null, "personal");
        var both = new Order.Purpose("desk", "personal");
        assertThat(judge("virginia", "tn_a", personal).passed()).isTrue();
        assertThat(judge("vendor", "tn_a", personal).reason())
                .isEqualTo("its processor is Acme, and it must be one of AWS");
        assertThat(judge("virginia", "tn_a", both).reason()).startsWith("its region is us-east-1");
        assertThat(judge("frankfurt", "tn_a", both).passed()).isTrue();
        assertThat(judge("vendor", "tn_a", Order.Purpose.NONE).passed()).isTrue();
    }

    @Test
    void badRulesAreNamedWithLineAndColumn() {
        residency =
                """
                residency: [{tenant: tn_a}, {territorys: [EU]}]
                terms:
                  acm/*: {id: x, version: "1"}
                """;
        YamlInvalid invalid = catchThrowableOfType(YamlInvalid.class, this::catalogue);
        assertThat(invalid.getMessage())
                .contains("test.yaml:14:13: residency[0]: says nothing")
                .contains("residency[1].territorys: is not known here; did you mean 'territories'?")
                .contains("test.yaml:16:10: terms.acm/*: no model is called 'acm/*'")
                .contains("did you mean 'acme/*'?");
    }

    private Verdict judge(String supplier, String tenant, Order.Purpose purpose) {
        Catalogue catalogue = catalogue();
        Model model = Objects.requireNonNull(catalogue.models().get("acme/one"));
        Model.Offer offer =
                model.offers().stream()
                        .filter(each -> each.supplier().equals(supplier))
                        .findFirst()
                        .orElseThrow();
        var question =
                new Question(
                        new Caller(tenant, "core", "ada", "key_1", Set.of(Scope.MODELS)),
                        model,
                        offer,
                        Objects.requireNonNull(catalogue.supplier(supplier)),
                        Order.ApiKind.STATELESS,
                        "openai.chat",
                        purpose,
                        Instant.EPOCH,
                        Instant.EPOCH);
        return new RegionGate(List.of(new CatalogueResidency(() -> catalogue))).judge(question);
    }

    private Catalogue catalogue() {
        return new CatalogueReader(
                        Map.of("entrepot/echo-1", "echo"),
                        new SecretSources(Map.of("KEY", "sk-1234567890"), Path.of(".")))
                .read("test.yaml", YAML + residency);
    }
}
