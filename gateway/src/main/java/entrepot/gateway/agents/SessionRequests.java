package entrepot.gateway.agents;

import entrepot.conversation.Part;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.environments.EnvironmentRequests;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.SessionSettings;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the body that makes a session. */
final class SessionRequests {

    private static final int VAULTS_MAX = 10;
    private static final long CENTS_MAX = 100_000_000_000L;

    private SessionRequests() {}

    /**
     * @param agent what the request says of its agent; still to be ended
     */
    record NewSession(
            @Nullable String agentId,
            @Nullable Fields agent,
            List<List<Part>> input,
            Map<String, String> metadata,
            SessionSettings settings,
            EnvironmentRequests.Wanted environment,
            boolean stream) {}

    static NewSession create(Fields body) {
        EnvironmentRequests.Wanted environment =
                EnvironmentRequests.session(body.requiredObject("environment"));
        String agentId = body.text("agent_id");
        Fields agent = body.object("agent");
        List<List<Part>> input = InputRequests.initial("input", body.get("input"));
        Map<String, String> metadata = AgentRequests.metadata(body);
        String review = review(body);
        Long spendCentsMax = spendCentsMax(body.object("spend_control"));
        List<String> vaultIds = vaultIds(body.list("vault_ids"));
        boolean stream = Boolean.TRUE.equals(body.flag("stream"));
        body.end();
        boolean talks = environment instanceof EnvironmentRequests.Wanted.None;
        if (input.isEmpty() && (stream || talks)) {
            throw Refusals.invalid(
                    "missing_required_parameter",
                    stream
                            ? "Streaming session creation requires initial input: send 'input'."
                            : "Conversation-only sessions currently require initial input: send"
                                    + " 'input'.",
                    "input");
        }
        var settings =
                SessionSettings.DEFAULT
                        .withVaultIds(vaultIds)
                        .withReview(review)
                        .withSpendCentsMax(spendCentsMax);
        return new NewSession(agentId, agent, input, metadata, settings, environment, stream);
    }

    /** What a session is told after an update: what is left out stays as it is. */
    static Configuration update(Fields body, Configuration now, ToolRequests.Seal seal) {
        Configuration next = now;
        if (body.has("metadata")) {
            next = next.with(AgentRequests.metadata(body));
        }
        if (body.has("review")) {
            next = next.with(next.settings().withReview(review(body)));
        }
        if (body.has("spend_control")) {
            Long cents = spendCentsMax(body.object("spend_control"));
            next = next.with(next.settings().withSpendCentsMax(cents));
        }
        Fields agent = body.object("agent");
        if (agent != null) {
            next = next.with(AgentRequests.change(agent, now.agent(), seal));
        }
        body.end();
        return next;
    }

    /** With {@code auto_review} nobody is asked: what needs approval is denied. */
    private static String review(Fields body) {
        String review =
                body.oneOf("review", SessionSettings.NO_REVIEW, SessionSettings.AUTO_REVIEW);
        return review == null ? SessionSettings.NO_REVIEW : review;
    }

    private static List<String> vaultIds(@Nullable List<JsonNode> given) {
        if (given == null) {
            return List.of();
        }
        if (given.size() > VAULTS_MAX) {
            throw Refusals.value("vault_ids", "it must have at most " + VAULTS_MAX + " vaults.");
        }
        var ids = new ArrayList<String>();
        for (int i = 0; i < given.size(); i++) {
            ids.add(Fields.text("vault_ids[" + i + "]", given.get(i)));
        }
        return ids.stream().distinct().toList();
    }

    /** In whole US cents; null for no limit. */
    private static @Nullable Long spendCentsMax(@Nullable Fields given) {
        if (given == null) {
            return null;
        }
        JsonNode limit = given.required("limit");
        given.end();
        if (limit.isNull()) {
            return null;
        }
        if (!limit.isIntegralNumber()) {
            throw Refusals.wrongType(
                    given.at("limit"), "a whole number of US cents", Fields.kind(limit));
        }
        if (!limit.canConvertToLong() || limit.longValue() < 1 || limit.longValue() > CENTS_MAX) {
            throw Refusals.value(given.at("limit"), "it must be 1 to " + CENTS_MAX + " US cents.");
        }
        return limit.longValue();
    }
}
