package entrepot.protocols.google;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.Map;

/** Failures in Google's words, both ways. */
class GoogleErrorsTest {

    @Test
    void everyCauseHasItsStatusAndWord() {
        for (Cause cause : Cause.values()) {
            Failure failure = Failure.of(cause, "why");
            JsonNode error = GoogleErrors.body(failure).path("error");
            int code = error.path("code").asInt();
            assertThat(code).as(cause.name()).isBetween(400, 599);
            assertThat(GoogleErrors.status(failure)).isEqualTo(code);
            assertThat(error.path("status").asString()).isNotEmpty();
            assertThat(error.path("message").asString()).isEqualTo("why");
            assertThat(error.path("details").get(0).path("reason").asString())
                    .isEqualTo(cause.name());
        }
        assertThat(GoogleErrors.status(Failure.of(Cause.SUPPLIER_REFUSED, "")))
                .as("R52: the supplier's 401 is not the caller's")
                .isEqualTo(502);
    }

    @Test
    void whenToComeBackAndWhatIsWrongStandInTheDetails() {
        var failure =
                new Failure(
                        Cause.LIMITED,
                        "slow down AIzaSyA0123456789abcdef",
                        "contents[0]",
                        "rpm",
                        null,
                        null,
                        Duration.ofMillis(1500));
        String body = GoogleErrors.body(failure).toString();
        assertThat(body)
                .contains("\"retryDelay\":\"1.500s\"")
                .contains("\"field\":\"contents[0]\"")
                .contains("\"limited_by\":\"entrepot\"")
                .contains("\"reason\":\"rpm\"")
                .doesNotContain("AIzaSy");
    }

    @Test
    void r72ASuppliersRefusalTellsNoKeyAndNoProject() {
        Failure failure =
                read(
                        400,
                        """
                        [{"error":{"code":400,"status":"INVALID_ARGUMENT","message":
                        "projects/secret-7/x refuses https://g/?key=abcdef123 AIzaSyA012345678901"}}]
                        """);
        assertThat(failure.cause()).isEqualTo(Cause.INVALID_REQUEST);
        assertThat(failure.message())
                .contains("projects/***/x")
                .doesNotContain("secret-7")
                .doesNotContain("abcdef123")
                .doesNotContain("AIza");
    }

    @Test
    void aRefusalSaysWhoseFaultItIs() {
        var causes =
                Map.of(
                        "The input token count (9) exceeds the maximum number of tokens allowed",
                        Cause.CONTEXT_TOO_LONG,
                        "API key not valid. Please pass a valid API key.",
                        Cause.SUPPLIER_REFUSED,
                        "Invalid value at 'contents'",
                        Cause.INVALID_REQUEST);
        causes.forEach((message, cause) ->
                assertThat(
                                read(
                                                400,
                                                "{\"error\":{\"message\":\"%s\",\"status\":\"X\"}}"
                                                        .formatted(message))
                                        .cause())
                        .isEqualTo(cause));
        assertThat(read(503, "<html>").cause()).isEqualTo(Cause.SUPPLIER_OVERLOADED);
        assertThat(read(500, "{\"error\":7}").cause()).isEqualTo(Cause.SUPPLIER_FAILED);
        assertThat(read(400, "{\"error\":{\"status\":\"FAILED_PRECONDITION\"}}").cause())
                .isEqualTo(Cause.SUPPLIER_REFUSED);
    }

    @Test
    void theWaitIsReadFromTheDetailsOrTheHeader() {
        String body =
                "{\"error\":{\"code\":429,\"details\":[{\"@type\":\"t/google.rpc.RetryInfo\","
                        + "\"retryDelay\":\"%s\"}]}}";
        assertThat(read(429, body.formatted("34.4s")).retryAfter())
                .isEqualTo(Duration.ofMillis(34_400));
        assertThat(read(429, body.formatted("soon")).retryAfter())
                .as("else the header")
                .isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void theMethodFollowsTheLastColon() {
        assertThat(GoogleTarget.parse("gemini-3-flash:generateContent"))
                .isEqualTo(new GoogleTarget("gemini-3-flash", "generateContent"));
        assertThat(GoogleTarget.parse("bedrock/claude-4:0:countTokens"))
                .isEqualTo(new GoogleTarget("bedrock/claude-4:0", "countTokens"));
        for (String none : new String[] {"x", ":x", "x:", "a:b/c", ""}) {
            assertThat(GoogleTarget.parse(none)).as(none).isNull();
        }
    }

    private static Failure read(int status, String body) {
        return GoogleErrors.read(
                status, name -> name.equals("retry-after") ? "7" : null, body.getBytes(UTF_8));
    }
}
