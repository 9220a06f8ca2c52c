package entrepot.market.contracts.reading;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The schema that editors use says the same as the reader. */
class SchemaTest {

    private static final String TEXT = text();
    private static final Schema SCHEMA =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(TEXT);

    private static String text() {
        try (var stream =
                requireNonNull(
                        ContractsReader.class.getResourceAsStream(
                                "/entrepot/market/contracts/contracts.schema.json"))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theExampleAndEveryKindOfClauseAreValid() throws Exception {
        assertThat(SCHEMA.validate(AllKinds.TEXT, InputFormat.YAML)).isEmpty();
        Path folder = Texts.root().resolve("examples/openai-2026/contracts");
        try (var files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(5);
            for (Path file : all) {
                assertThat(SCHEMA.validate(Files.readString(file), InputFormat.YAML))
                        .as("%s", file)
                        .isEmpty();
            }
        }
    }

    @Test
    void whatTheReaderRefusesInOneClauseIsNotValidEither() {
        for (String change :
                List.of(
                        "channels: [azure]|chanels: [azure]",
                        "apis: [stateless]|apis: [stateles]",
                        "territories: [JP]|territories: [Japan]",
                        "models: [v/*]|models: [v]",
                        "window: 30d|window: 30 days",
                        "amount: 1.5 million EUR|amount: much",
                        "use: resale|use: selling",
                        "base: revenue|base: revenu",
                        "tier: batch|tier: night",
                        "outcome: declined|outcome: no",
                        "waives: only|waived: only",
                        "from: 2026-01-01|from: soon",
                        "because: of the stamp|why: of the stamp")) {
            String[] words = change.split("\\|");
            String changed = AllKinds.TEXT.replace(words[0], words[1]);
            assertThat(changed).as(change).isNotEqualTo(AllKinds.TEXT);
            assertThat(SCHEMA.validate(changed, InputFormat.YAML)).as(change).isNotEmpty();
            var files = new TreeMap<String, String>(Map.of("a.yaml", changed));
            assertThat(
                            org.assertj.core.api.Assertions.catchThrowable(
                                    () -> new ContractsReader().read(files)))
                    .as(change)
                    .isInstanceOf(entrepot.market.yaml.YamlInvalid.class);
        }
    }

    @Test
    void bothKnowTheSameMembers() {
        var reader = new ContractsReader();
        reader.read(new TreeMap<>(Map.of("a.yaml", AllKinds.TEXT)));
        JsonNode definitions = JsonMapper.shared().readTree(TEXT).path("$defs");
        Map<String, Set<String>> asked = reader.asked();
        assertThat(asked.keySet())
                .containsAll(ClauseReader.KINDS)
                .contains("contract", "party", "document", "dispute", "statement")
                .contains("shipped", "paid", "offered");
        asked.forEach((what, members) ->
                assertThat(definitions.path(what).path("properties").propertyNames())
                        .as(what)
                        .containsExactlyInAnyOrderElementsOf(members));
        assertThat(definitions.path("rate").path("properties").propertyNames())
                .containsAll(ClauseReader.METERS)
                .hasSize(ClauseReader.METERS.size() + 2);
    }

    @Test
    void theOneInTheDocumentationIsTheSame() throws Exception {
        assertThat(Files.readString(Texts.root().resolve("docs/contracts.schema.json")))
                .isEqualTo(TEXT);
    }
}
