package entrepot.protocols.openai.embeddings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import entrepot.conversation.Failure.Cause;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.EmbeddingRequest.Encoding;
import entrepot.conversation.embedding.Embeddings;
import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.json.Json;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** The laws of the dialect over everything that was recorded of it. */
class EmbeddingCorpusTest {

    private static final OpenAiEmbeddings DIALECT = new OpenAiEmbeddings();

    @Test
    void everyRequestPassesWithOnlyItsModelChanged() {
        int count = 0;
        for (Row row : rows()) {
            if (row.request().length == 0 || row.status() == 400) {
                continue;
            }
            var envelope = EmbeddingEnvelope.scan(row.request(), null);
            assertThat(envelope.splice(envelope.model())).as(row.id()).isSameAs(row.request());
            var expected = (ObjectNode) Json.read(row.request(), Cause.INTERNAL);
            assertThat(Json.read(envelope.splice("other/näme"), Cause.INTERNAL))
                    .as(row.id())
                    .isEqualTo(expected.put("model", "other/näme"));
            count++;
        }
        assertThat(count).isGreaterThan(35);
    }

    @Test
    void everyRequestIsWrittenAsItWasRead() {
        for (Row row : rows()) {
            if (row.request().length > 0 && row.status() != 400) {
                byte[] again = EmbeddingBodies.write(EmbeddingBodies.read(row.request()));
                assertThat(Json.read(again, Cause.INTERNAL))
                        .as(row.id())
                        .isEqualTo(Json.read(row.request(), Cause.INTERNAL));
            }
        }
    }

    @Test
    void everyAnswerIsReadAndToldAgainInBothForms() {
        int count = 0;
        for (Row row : rows()) {
            if (row.status() != 200) {
                continue;
            }
            Embeddings read = EmbeddingBodies.readAnswer(json(row.response()));
            assertThat(read.vectors()).as(row.id()).isNotEmpty();
            for (Encoding encoding : Encoding.values()) {
                byte[] told = EmbeddingBodies.write(read, encoding);
                Embeddings again = EmbeddingBodies.readAnswer(json(told));
                assertThat(again.vectors()).as(row.id()).isEqualTo(read.vectors());
                assertThat(again.usage()).as(row.id()).isEqualTo(read.usage());
            }
            JsonNode first = json(row.response()).path("data").path(0).path("embedding");
            if (first.isString()) {
                assertThat(read.vectors().getFirst().base64())
                        .as("%s: base64 as it came", row.id())
                        .isEqualTo(first.stringValue());
            }
            count++;
        }
        assertThat(count).isGreaterThan(35);
    }

    /** R56: what is metered is the supplier's own total. */
    @Test
    void r56TheMetersAddUpToTheTotal() {
        for (Row row : rows()) {
            if (row.status() == 200) {
                long total = json(row.response()).path("usage").path("total_tokens").asLong(-1);
                var usage = DIALECT.usage(row.response());
                assertThat(usage).as(row.id()).isNotNull();
                assertThat(usage.totalTokens()).as(row.id()).isEqualTo(total);
            }
        }
    }

    @Test
    void aVectorIsExpectedForEachInput() {
        Row row = rows().stream().filter(each -> each.status() == 200).findFirst().orElseThrow();
        var request = EmbeddingBodies.read(row.request());
        assertThat(DIALECT.read(request, name -> null, row.response()).vectors())
                .hasSize(request.inputs().size());
        EmbeddingRequest more = request.withInputs(List.of());
        assertThat(catchThrowable(() -> DIALECT.read(more, name -> null, row.response())))
                .hasMessageContaining("vectors for 0 inputs");
    }

    private static JsonNode json(byte[] body) {
        return Json.read(body, Cause.INTERNAL);
    }

    private static List<Row> rows() {
        return Corpus.rows(
                        "openai-embeddings.jsonl",
                        "openai-embeddings.responses-only.jsonl",
                        "azure-openai.jsonl")
                .stream()
                .filter(row -> row.path().isEmpty() || row.path().contains("/embeddings"))
                // Ollama's own interface is another.
                .filter(row -> !row.path().startsWith("/api/"))
                .filter(row -> !row.isStream())
                .toList();
    }
}
