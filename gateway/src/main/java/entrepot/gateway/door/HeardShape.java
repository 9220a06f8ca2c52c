package entrepot.gateway.door;

import entrepot.conversation.Failure;
import entrepot.protocols.anthropic.versions.ApiVersions;

/**
 * For addresses that several dialects share, or none has: failures are told in the dialect that the
 * request's own headers show, and else as OpenAI does.
 */
public final class HeardShape implements ErrorShape {

    private static final ErrorShape OTHERWISE = new OpenAiShape();

    @Override
    public ErrorShape of(Call call) {
        return isAnthropic(call) ? new AnthropicShape().of(call) : OTHERWISE;
    }

    /** Whether the caller speaks Anthropic's dialect: every client of it says in which version. */
    public static boolean isAnthropic(Call call) {
        return call.header(ApiVersions.HEADER) != null;
    }

    @Override
    public int status(Failure failure) {
        return OTHERWISE.status(failure);
    }

    @Override
    public byte[] body(Failure failure) {
        return OTHERWISE.body(failure);
    }
}
