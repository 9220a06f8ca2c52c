package entrepot.runtime.facts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.List;

/**
 * What a session is told beyond its agent.
 *
 * @param environment where its commands run, as the surface describes it; {@code type} is always
 *     there
 * @param vaultIds whose credentials its tool servers may use
 * @param review who answers for actions that need approval: {@code none} or {@code auto_review}
 * @param spendCentsMax what the session and its children may spend, in US cents; null for no limit
 */
public record SessionSettings(
        JsonNode environment, List<String> vaultIds, String review, @Nullable Long spendCentsMax) {

    public static final String NO_REVIEW = "none";

    /** Nobody is asked: what needs approval is denied. */
    public static final String AUTO_REVIEW = "auto_review";

    /** Conversation only: no environment, no vaults, no review, no limit. */
    public static final SessionSettings DEFAULT =
            new SessionSettings(
                    JsonMapper.shared().createObjectNode().put("type", "none"),
                    List.of(),
                    NO_REVIEW,
                    null);

    public SessionSettings {
        vaultIds = List.copyOf(vaultIds);
    }

    /** Where its commands run; null for a conversation only. */
    public @Nullable String environmentId() {
        return environment.path("id").asString(null);
    }

    /** A workspace belongs to one session: whatever is made from that session has none. */
    public SessionSettings withoutEnvironment() {
        return new SessionSettings(DEFAULT.environment, vaultIds, review, spendCentsMax);
    }

    public SessionSettings withEnvironment(JsonNode now) {
        return new SessionSettings(now, vaultIds, review, spendCentsMax);
    }

    public SessionSettings withVaultIds(List<String> now) {
        return new SessionSettings(environment, now, review, spendCentsMax);
    }

    public SessionSettings withReview(String now) {
        return new SessionSettings(environment, vaultIds, now, spendCentsMax);
    }

    public SessionSettings withSpendCentsMax(@Nullable Long now) {
        return new SessionSettings(environment, vaultIds, review, now);
    }
}
