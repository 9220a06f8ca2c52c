package entrepot.protocols.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.Frame;
import entrepot.protocols.Header;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;

/** Failures in Amazon's words, both ways. */
class BedrockErrorsTest {

    @ParameterizedTest
    @CsvSource({
        "ValidationException, 400, INVALID_REQUEST",
        "AccessDeniedException, 403, SUPPLIER_REFUSED",
        "UnrecognizedClientException, 403, SUPPLIER_REFUSED",
        "InvalidSignatureException, 403, SUPPLIER_REFUSED",
        "ExpiredTokenException, 403, SUPPLIER_REFUSED",
        "ResourceNotFoundException, 404, MODEL_NOT_FOUND",
        "ThrottlingException, 429, SUPPLIER_LIMITED",
        "ServiceQuotaExceededException, 400, SUPPLIER_LIMITED",
        "ModelTimeoutException, 408, TIMED_OUT",
        "ModelErrorException, 424, SUPPLIER_FAILED",
        "ModelNotReadyException, 429, SUPPLIER_OVERLOADED",
        "InternalServerException, 500, SUPPLIER_FAILED",
        "ServiceUnavailableException, 503, SUPPLIER_OVERLOADED",
        "SomethingNew, 418, SUPPLIER_FAILED"
    })
    void refusalsAreUnderstood(String type, int status, Cause cause) {
        Map<String, String> headers =
                Map.of(
                        "x-amzn-errortype",
                        type + ":http://internal.amazon.com/coral/com.amazon.bedrock/",
                        "x-amzn-requestid",
                        "id-1",
                        "retry-after",
                        "3");
        Header header = headers::get;
        Failure failure = BedrockErrors.read(status, header, bytes("{\"message\":\"why\"}"));
        assertThat(failure.cause()).isEqualTo(cause);
        assertThat(failure.supplierCode()).isEqualTo(type);
        assertThat(failure.supplierRequestId()).isEqualTo("id-1");
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void validationTellsWhatIsWrongMoreExactly() {
        assertThat(cause("The provided model identifier is invalid."))
                .isEqualTo(Cause.MODEL_NOT_FOUND);
        assertThat(cause("Input is too long for requested model."))
                .isEqualTo(Cause.CONTEXT_TOO_LONG);
        assertThat(cause("Malformed input request: #/messages")).isEqualTo(Cause.INVALID_REQUEST);
        assertThat(BedrockErrors.read(502, name -> null, bytes("<html>")).cause())
                .isEqualTo(Cause.SUPPLIER_FAILED);
    }

    /** Every cause has a status, a name and a message; the supplier's 403 is never the caller's. */
    @Test
    void everyCauseIsSaid() {
        for (Cause cause : Cause.values()) {
            var said = BedrockErrors.write(Failure.of(cause, "why"));
            assertThat(said.status()).as(cause.name()).isBetween(400, 599);
            assertThat(said.headers().get("x-amzn-errortype")).endsWith("Exception");
            assertThat(new String(said.body(), UTF_8)).isEqualTo("{\"message\":\"why\"}");
        }
        assertThat(BedrockErrors.write(Failure.of(Cause.SUPPLIER_REFUSED, "x")).status())
                .isEqualTo(424);
        var signed =
                new Failure(
                        Cause.UNAUTHENTICATED,
                        "x",
                        null,
                        "InvalidSignatureException",
                        null,
                        null,
                        null);
        assertThat(BedrockErrors.write(signed).headers())
                .containsEntry("x-amzn-errortype", "InvalidSignatureException");
    }

    /** R16: what ends a broken stream is a frame of an exception, and is read back as one. */
    @Test
    void streamsEndWithAnExceptionFrame() {
        for (Cause cause : Cause.values()) {
            byte[] framed = EventFrames.bytes(BedrockErrors.frame(Failure.of(cause, "broken off")));
            var frames = new ArrayList<Frame>();
            new EventFrames().push(framed, frames::add);
            assertThat(frames).hasSize(1);
            assertThat(frames.getFirst().kind()).isEqualTo(Frame.Kind.EXCEPTION);
            assertThat(frames.getFirst().name())
                    .isIn(
                            "internalServerException",
                            "modelStreamErrorException",
                            "validationException",
                            "throttlingException",
                            "serviceUnavailableException");
            assertThat(BedrockErrors.read(frames.getFirst()).message()).contains("broken off");
        }
    }

    @Test
    void keysAreMasked() {
        var said = BedrockErrors.write(Failure.of(Cause.INTERNAL, "with AKIAIOSFODNN7EXAMPLE"));
        assertThat(new String(said.body(), UTF_8)).doesNotContain("AKIAIOSFODNN7EXAMPLE");
    }

    private static Cause cause(String message) {
        return BedrockErrors.read(
                        400,
                        name -> name.equals("x-amzn-errortype") ? "ValidationException" : null,
                        bytes("{\"message\":\"" + message + "\"}"))
                .cause();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
