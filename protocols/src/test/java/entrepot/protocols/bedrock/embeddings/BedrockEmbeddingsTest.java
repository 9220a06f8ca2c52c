package entrepot.protocols.bedrock.embeddings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage.Meter;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.EmbeddingRequest.Input;
import entrepot.conversation.embedding.EmbeddingRequest.Purpose;
import entrepot.conversation.embedding.Embeddings;
import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.json.Json;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

class BedrockEmbeddingsTest {

    private static final BedrockEmbeddings DIALECT = new BedrockEmbeddings();

    /** What real clients set beyond what a request of ours says. */
    private static final Set<String> THEIR_OWN = Set.of("truncate", "normalize");

    @Test
    void everyRecordedCallIsWrittenAndItsAnswerRead() {
        int count = 0;
        for (Row row : Corpus.rows("bedrock-invoke.jsonl")) {
            String model =
                    row.path().replaceFirst(".*/model/(.*)/invoke", "$1").replace("%3A", ":");
            if (!model.contains("embed") || row.status() != 200) {
                continue;
            }
            JsonNode theirs = Json.read(row.request(), Cause.INTERNAL);
            EmbeddingRequest request = request(model, theirs);
            JsonNode ours = Json.read(DIALECT.write(request), Cause.INTERNAL);
            theirs.properties()
                    .forEach(member -> {
                        if (!THEIR_OWN.contains(member.getKey()) && !member.getValue().isObject()) {
                            assertThat(ours.path(member.getKey()))
                                    .as("%s: %s", row.id(), member.getKey())
                                    .isEqualTo(member.getValue());
                        }
                    });
            Embeddings answer = DIALECT.read(request, name -> "7", row.response());
            assertThat(answer.vectors()).as(row.id()).hasSameSizeAs(request.inputs());
            assertThat(answer.vectors().getFirst().size()).isGreaterThanOrEqualTo(256);
            assertThat(answer.usage().of(Meter.FRESH_INPUT)).isEqualTo(7);
            count++;
        }
        assertThat(count).isGreaterThan(7);
    }

    @Test
    void titanAndNovaEmbedOneTextACall() {
        assertThat(DIALECT.inputsMax("amazon.titan-embed-text-v2:0")).isEqualTo(1);
        assertThat(DIALECT.inputsMax("amazon.nova-2-multimodal-embeddings-v1:0")).isEqualTo(1);
        assertThat(DIALECT.inputsMax("us.cohere.embed-v4:0")).isEqualTo(96);
        Failed failed =
                catchThrowableOfType(Failed.class, () -> DIALECT.inputsMax("anthropic.claude"));
        assertThat(failed.failure().cause()).isEqualTo(Cause.UNSUPPORTED);
    }

    @Test
    void titanTellsItsUsageInTheBodyToo() {
        var request = EmbeddingRequest.of("amazon.titan-embed", List.of(new Input.Text("a")));
        byte[] body = "{\"embedding\":[1],\"inputTextTokenCount\":3}".getBytes(UTF_8);
        assertThat(DIALECT.read(request, name -> null, body).usage().of(Meter.FRESH_INPUT))
                .isEqualTo(3);
    }

    /** Whatever comes, it is read or refused. */
    @Test
    void nothingBreaksTheReader() {
        byte[] good = "{\"embeddings\":{\"float\":[[1.5,2]]},\"embedding\":[1]}".getBytes(UTF_8);
        var request = EmbeddingRequest.of("m", List.of(new Input.Text("a")));
        Seeds.each(
                1_000,
                seeds -> {
                    byte[] body = good.clone();
                    body[seeds.upTo(body.length - 1)] = seeds.bytes(1)[0];
                    try {
                        DIALECT.read(request, name -> null, body);
                    } catch (Failed refused) {
                        assertThat(refused.failure().cause()).isEqualTo(Cause.SUPPLIER_FAILED);
                    }
                });
    }

    private static EmbeddingRequest request(String model, JsonNode theirs) {
        var inputs = new ArrayList<Input>();
        JsonNode nova = theirs.path("singleEmbeddingParams");
        if (theirs.path("inputText").isString()) {
            inputs.add(new Input.Text(theirs.path("inputText").stringValue()));
        } else if (nova.isObject()) {
            inputs.add(new Input.Text(nova.path("text").path("value").stringValue()));
        }
        for (JsonNode text : theirs.path("texts")) {
            inputs.add(new Input.Text(text.stringValue()));
        }
        boolean query = theirs.path("input_type").asString("").equals("search_query");
        return new EmbeddingRequest(
                model,
                inputs,
                false,
                first(theirs.path("dimensions"), theirs.path("output_dimension")),
                null,
                query ? Purpose.QUERY : null,
                Extras.NONE);
    }

    private static @Nullable Integer first(JsonNode one, JsonNode other) {
        return one.isInt()
                ? Integer.valueOf(one.intValue())
                : other.isInt() ? other.intValue() : null;
    }
}
