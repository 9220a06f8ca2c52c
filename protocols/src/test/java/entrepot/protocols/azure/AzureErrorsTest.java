package entrepot.protocols.azure;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.Corpus;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.OpenAiErrors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;

class AzureErrorsTest {

    @ParameterizedTest
    @EnumSource(Cause.class)
    void everyCauseIsToldInAzuresShape(Cause cause) {
        Failure failure = Failure.at(cause, "what is wrong", "model");
        JsonNode error = body(failure).path("error");
        assertThat(error.path("message").stringValue()).isEqualTo("what is wrong");
        assertThat(error.path("code").isString()).isTrue();
        assertThat(AzureErrors.status(failure)).isBetween(400, 599);
        assertThat(AzureErrors.status(failure) == 401).isEqualTo(cause == Cause.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    MODEL_NOT_FOUND, 404, DeploymentNotFound
                    UNAUTHENTICATED, 401, 401
                    NOT_FOUND, 404, 404
                    LIMITED, 429, 429
                    TIMED_OUT, 408, Timeout
                    CONTENT_FILTERED, 400, content_filter
                    CONTEXT_TOO_LONG, 400, context_length_exceeded
                    """)
    void azuresOwnWords(Cause cause, int status, String code) {
        Failure failure = Failure.of(cause, "no");
        assertThat(AzureErrors.status(failure)).isEqualTo(status);
        assertThat(body(failure).path("error").path("code").stringValue()).isEqualTo(code);
    }

    /** What Azure said in every recording is said again with the same word. */
    @Test
    void recordedRefusalsAreToldWithTheirOwnCode() {
        int count = 0;
        for (Corpus.Row row : Corpus.rows("azure-openai.jsonl")) {
            if (row.status() / 100 == 2 || row.status() == 401) {
                continue;
            }
            Failure failure = OpenAiErrors.read(row.status(), name -> null, row.response());
            if (failure.cause() == Cause.MODEL_NOT_FOUND) {
                String theirs =
                        Json.read(row.response(), Cause.INTERNAL)
                                .path("error")
                                .path("code")
                                .stringValue();
                assertThat(body(failure).path("error").path("code").stringValue())
                        .isEqualTo(theirs);
                count++;
            }
        }
        assertThat(count).isPositive();
    }

    private static JsonNode body(Failure failure) {
        return Json.read(AzureErrors.body(failure), Cause.INTERNAL);
    }
}
