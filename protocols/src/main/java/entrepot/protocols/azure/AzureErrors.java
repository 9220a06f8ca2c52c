package entrepot.protocols.azure;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.OpenAiErrors;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

/**
 * Failures as Azure says them: OpenAI's object, in which what Azure's own gateway decides has codes
 * of Azure's, often the status as a word.
 */
public final class AzureErrors {

    private AzureErrors() {}

    public static int status(Failure failure) {
        return failure.cause() == Cause.TIMED_OUT ? 408 : OpenAiErrors.write(failure).status();
    }

    public static byte[] body(Failure failure) {
        ObjectNode body = OpenAiErrors.body(failure);
        ObjectNode error = (ObjectNode) body.path("error");
        String code = code(failure);
        if (code != null) {
            error.put("code", code);
        }
        if (failure.cause() == Cause.CONTENT_FILTERED) {
            error.put("status", 400);
            error.putObject("innererror").put("code", "ResponsibleAIPolicyViolation");
        }
        return Json.write(body);
    }

    /** Null where Azure leaves it to OpenAI's own words. */
    private static @Nullable String code(Failure failure) {
        return switch (failure.cause()) {
            case MODEL_NOT_FOUND -> "DeploymentNotFound";
            case UNAUTHENTICATED -> "401";
            case FORBIDDEN -> "403";
            case NOT_FOUND -> "404";
            case LIMITED, SUPPLIER_LIMITED -> "429";
            case BUDGET_EXCEEDED -> "insufficient_quota";
            case TIMED_OUT -> "Timeout";
            case CONTENT_FILTERED -> "content_filter";
            case UNAVAILABLE, SUPPLIER_OVERLOADED -> "ServiceUnavailable";
            case INTERNAL, SUPPLIER_FAILED, SUPPLIER_REFUSED, UNREACHABLE -> "InternalServerError";
            case INVALID_REQUEST, UNSUPPORTED, CONFLICT, TOO_LARGE, CONTEXT_TOO_LONG, CANCELLED ->
                    null;
        };
    }
}
