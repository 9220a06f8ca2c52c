package entrepot.protocols.openai;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.Corpus;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.List;
import java.util.Map;

class OpenAiErrorsTest {

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    400, unsupported_parameter, INVALID_REQUEST
                    422, , INVALID_REQUEST
                    401, invalid_api_key, SUPPLIER_REFUSED
                    402, , SUPPLIER_REFUSED
                    403, unsupported_country_region_territory, SUPPLIER_REFUSED
                    429, insufficient_quota, SUPPLIER_REFUSED
                    429, rate_limit_exceeded, SUPPLIER_LIMITED
                    404, model_not_found, MODEL_NOT_FOUND
                    404, DeploymentNotFound, MODEL_NOT_FOUND
                    404, 404, SUPPLIER_FAILED
                    400, context_length_exceeded, CONTEXT_TOO_LONG
                    400, content_filter, CONTENT_FILTERED
                    413, , TOO_LARGE
                    408, , TIMED_OUT
                    500, , SUPPLIER_FAILED
                    503, , SUPPLIER_OVERLOADED
                    529, , SUPPLIER_OVERLOADED
                    504, , TIMED_OUT
                    302, , SUPPLIER_FAILED
                    """)
    void understandsWhatSuppliersRefuseWith(int status, String code, Cause cause) {
        String error = code == null ? "null" : "\"" + code + "\"";
        Failure failure =
                read(status, Map.of(), "{\"error\":{\"message\":\"no\",\"code\":" + error + "}}");
        assertThat(failure.cause()).isEqualTo(cause);
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void r52NoCauseButTheCallersOwnIsRenderedAs401(Cause cause) {
        var rendered = OpenAiErrors.write(Failure.of(cause, "what is wrong"));
        assertThat(rendered.status() == 401).isEqualTo(cause == Cause.UNAUTHENTICATED);
        JsonNode error = Json.read(rendered.body(), Cause.INTERNAL).path("error");
        assertThat(error.propertyNames()).contains("message", "type", "param", "code");
        assertThat(error.path("code").stringValue()).isNotBlank();
        boolean told = "false".equals(rendered.headers().get("x-should-retry"));
        assertThat(told).isEqualTo(cause.retry() == Failure.Retry.NEVER);
    }

    @Test
    void r52ASuppliers401IsNotTheCallersAndDoesNotQuoteTheKey() {
        Failure failure =
                read(
                        401,
                        Map.of("x-request-id", "req_1"),
                        "{\"error\":{\"message\":\"Incorrect API key provided:"
                                + " sk-proj-1234567890.\",\"code\":\"invalid_api_key\"}}");
        var rendered = OpenAiErrors.write(failure);
        assertThat(rendered.status()).isEqualTo(502);
        assertThat(new String(rendered.body(), UTF_8)).doesNotContain("1234");
        assertThat(failure.supplierCode()).isEqualTo("invalid_api_key");
        assertThat(failure.supplierRequestId()).isEqualTo("req_1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    key sk-proj-abcdEFGH1234 is bad              | key *** is bad
                    Bearer abcd1234.efgh refused                 | Bearer *** refused
                    GET https://x/y?key=AIzaSyA12345678901&b=1   | GET https://x/y?key=***&b=1
                    API key provided: <not-a-r****key>. You can  | API key provided: *** You can
                    id 0123456789abcdef0123456789abcdef          | id ***
                    eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln    | ***
                    max_tokens is 9, be risk-averse              | max_tokens is 9, be risk-averse
                    """)
    void r72MessagesLoseWhatLooksLikeAKey(String message, String masked) {
        Failure failure =
                read(400, Map.of(), Json.object().set("error", object(message)).toString());
        assertThat(failure.message()).isEqualTo(masked);
        var rendered = OpenAiErrors.write(Failure.of(Cause.INTERNAL, message));
        assertThat(
                        Json.read(rendered.body(), Cause.INTERNAL)
                                .path("error")
                                .path("message")
                                .stringValue())
                .isEqualTo(masked);
    }

    @Test
    void keepsWhenToComeBack() {
        assertThat(limited(Map.of("retry-after", "7"))).isEqualTo(Duration.ofSeconds(7));
        assertThat(limited(Map.of("retry-after", "7", "retry-after-ms", "6300")))
                .isEqualTo(Duration.ofMillis(6300));
        assertThat(
                        limited(
                                Map.of(
                                        "retry-after", "Fri, 20 Nov 2026 07:00:30 GMT",
                                        "date", "Fri, 20 Nov 2026 07:00:00 GMT")))
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(limited(Map.of("retry-after", "soon"))).isNull();
        assertThat(limited(Map.of())).isNull();
        var waits =
                new Failure(Cause.LIMITED, "m", null, null, null, null, Duration.ofMillis(1500));
        assertThat(OpenAiErrors.write(waits).headers())
                .containsEntry("retry-after", "2")
                .containsEntry("retry-after-ms", "1500");
    }

    @Test
    void r65TellsOurLimitsFromTheSuppliers() {
        assertThat(code(Cause.LIMITED)).isNotEqualTo(code(Cause.SUPPLIER_LIMITED));
    }

    @Test
    void keepsTheParamAndTheCodeOfAnInvalidRequest() {
        Failure failure =
                read(
                        400,
                        Map.of(),
                        "{\"error\":{\"message\":\"m\",\"param\":\"stop\",\"code\":\"unsupported\""
                                + "}}");
        assertThat(failure.param()).isEqualTo("stop");
        assertThat(failure.code()).isEqualTo("unsupported");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"error":"just words"}                                   | just words
                    {"object":"error","message":"from vLLM","code":400}      | from vLLM
                    {"detail":"from FastAPI"}                                | from FastAPI
                    [{"error":{"message":"from Google","code":400}}]         | from Google
                    <html>proxy</html>                                       | status 400
                    """)
    void understandsThoseWhoNearlySayIt(String body, String expected) {
        assertThat(read(400, Map.of(), body).message()).contains(expected);
    }

    @Test
    void everyRecordedErrorIsUnderstood() {
        int count = 0;
        for (Corpus.Row row :
                Corpus.rows(
                        "openai-chat.jsonl",
                        "openai-compatible-chat.jsonl",
                        "azure-openai.jsonl")) {
            if (row.status() < 400) {
                continue;
            }
            Failure failure = OpenAiErrors.read(row.status(), _ -> null, row.response());
            assertThat(failure.cause())
                    .as(row.id())
                    .isIn(
                            List.of(
                                    Cause.INVALID_REQUEST,
                                    Cause.SUPPLIER_REFUSED,
                                    Cause.MODEL_NOT_FOUND,
                                    Cause.SUPPLIER_LIMITED,
                                    Cause.CONTENT_FILTERED,
                                    Cause.SUPPLIER_FAILED));
            assertThat(OpenAiErrors.write(failure).status()).isNotEqualTo(401);
            count++;
        }
        assertThat(count).isGreaterThan(20);
    }

    private static JsonNode object(String message) {
        return Json.object().put("message", message);
    }

    private static String code(Cause cause) {
        return Json.read(OpenAiErrors.write(Failure.of(cause, "m")).body(), Cause.INTERNAL)
                .path("error")
                .path("code")
                .stringValue();
    }

    private static @Nullable Duration limited(Map<String, String> headers) {
        return read(429, headers, "{}").retryAfter();
    }

    private static Failure read(int status, Map<String, String> headers, String body) {
        return OpenAiErrors.read(status, headers::get, body.getBytes(UTF_8));
    }
}
