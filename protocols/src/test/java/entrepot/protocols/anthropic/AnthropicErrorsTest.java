package entrepot.protocols.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.json.Json;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Map;

class AnthropicErrorsTest {

    @ParameterizedTest
    @EnumSource(Cause.class)
    void everyCauseIsToldWithAStatusATypeAndTheRequestsId(Cause cause) {
        var told = AnthropicErrors.write(Failure.of(cause, "key sk-ant-abcdefgh"), "req_1");
        var body = Json.read(told.body(), Cause.INTERNAL);
        assertThat(told.status()).isBetween(400, 599);
        assertThat(body.path("type").stringValue()).isEqualTo("error");
        assertThat(body.path("error").path("type").stringValue()).endsWith(suffix(cause));
        assertThat(body.path("error").path("message").stringValue()).doesNotContain("abcdefgh");
        assertThat(body.path("request_id").stringValue()).isEqualTo("req_1");
        assertThat(told.headers()).containsEntry("request-id", "req_1");
    }

    private static String suffix(Cause cause) {
        return cause == Cause.TOO_LARGE ? "too_large" : "_error";
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, prompt is too long: 9 > 8, CONTEXT_TOO_LONG",
        "400, invalid_request_error, Your credit balance is too low, SUPPLIER_REFUSED",
        "400, invalid_request_error, tools: bad, INVALID_REQUEST",
        "401, authentication_error, invalid x-api-key, SUPPLIER_REFUSED",
        "403, permission_error, no, SUPPLIER_REFUSED",
        "404, not_found_error, model: x, MODEL_NOT_FOUND",
        "413, request_too_large, big, TOO_LARGE",
        "429, rate_limit_error, slow, SUPPLIER_LIMITED",
        "500, api_error, oh, SUPPLIER_FAILED",
        "504, timeout_error, late, TIMED_OUT",
        "529, overloaded_error, full, SUPPLIER_OVERLOADED",
    })
    void aSuppliersErrorIsUnderstood(int status, String type, String message, Cause cause) {
        byte[] body =
                "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s\"}}"
                        .formatted(type, message)
                        .getBytes(UTF_8);
        var headers = Map.of("request-id", "req_9", "retry-after", "3");
        Failure failure = AnthropicErrors.read(status, headers::get, body);
        assertThat(failure.cause()).isEqualTo(cause);
        assertThat(failure.supplierCode()).isEqualTo(type);
        assertThat(failure.supplierRequestId()).isEqualTo("req_9");
        assertThat(failure.retryAfter()).hasSeconds(3);
    }
}
