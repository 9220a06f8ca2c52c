package entrepot.runtime.session;

import entrepot.conversation.Part;
import entrepot.identity.Caller;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.Fact.Parent;
import entrepot.runtime.facts.SessionSettings;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Sessions of a tenant. Whatever a method has returned from is durable. Refusals are thrown as
 * {@code entrepot.conversation.Failed}.
 */
public interface Sessions {

    /**
     * Makes a session, with its first input if there is one, in one transaction.
     *
     * @param idempotencyKey the same key and body give the first session again; null for none
     */
    Session create(Caller caller, NewSession session, @Nullable String idempotencyKey);

    Optional<Session> find(Caller caller, String sessionId);

    Page<Session> list(Caller caller, Filter filter, Page.Query query);

    /**
     * Deletes a settled session with all its facts.
     *
     * @throws entrepot.conversation.Failed with CONFLICT when a turn is open, NOT_FOUND when
     *     unknown
     */
    void delete(Caller caller, String sessionId);

    /**
     * Takes input, all or nothing; durable when this returns. The same key and inputs again change
     * nothing; the same key with other inputs is a CONFLICT.
     */
    void post(Caller caller, String sessionId, List<Input> inputs, @Nullable String idempotencyKey);

    /**
     * Follows a session. Subscribed when this returns.
     *
     * @param after null for only what comes from now on
     */
    Feed follow(Caller caller, String sessionId, @Nullable Cursor after);

    /** What has been recorded after a place, facts and pieces, oldest first. */
    List<Entry> recorded(Caller caller, String sessionId, Cursor after, int countMax);

    /** Sessions with calls that wait for approval, oldest first. */
    Page<Session> awaitingApproval(Caller caller, Page.Query query);

    /**
     * What a session and its subagents have spent, in whole US cents, as far as it is settled.
     *
     * @return null when it never had a budget
     */
    @Nullable Long consumedCents(Caller caller, String sessionId);

    /** The subagents of a session, in the order in which they were made. */
    Page<Subagent> subagents(Caller caller, String sessionId, Page.Query query);

    /** One of them. Its own turns and items are read like a session's, under its id. */
    Optional<Subagent> subagent(Caller caller, String sessionId, String subagentId);

    Page<View.Turn> turns(Caller caller, String sessionId, Page.Query query);

    Page<View.Item> items(Caller caller, String sessionId, Page.Query query);

    Optional<View> view(Caller caller, String sessionId);

    /**
     * Changes what a session is told from now on. Durable when this returns; the session as it then
     * stands is the answer.
     *
     * @param change from what it is told now, earlier changes included
     */
    Session change(Caller caller, String sessionId, UnaryOperator<Configuration> change);

    /**
     * @param parent null for a session that a caller makes
     */
    record NewSession(
            Configuration configuration, List<List<Part>> input, @Nullable Parent parent) {
        public NewSession {
            input = List.copyOf(input);
        }

        /** A conversation with default settings. */
        public NewSession(
                AgentSnapshot agent, Map<String, String> metadata, List<List<Part>> input) {
            this(new Configuration(agent, metadata, SessionSettings.DEFAULT), input, null);
        }
    }

    /**
     * @param metadata pairs that must all match
     */
    record Filter(@Nullable String agentId, Map<String, String> metadata) {
        public static final Filter ALL = new Filter(null, Map.of());
    }

    /** What callers may send to a session. */
    sealed interface Input {

        /** Starts a turn, or steers the running one. */
        record Message(List<Part> parts) implements Input {}

        record Cancel() implements Input {}

        /**
         * Somebody's word on a call that waits for approval. The caller is who says so.
         *
         * @param forSession whether it holds for later calls of the tool in the session
         */
        record Approval(
                String approvalId, boolean approved, @Nullable String note, boolean forSession)
                implements Input {}

        /** Answers a function call. */
        record ToolResult(
                String turnId,
                String callId,
                boolean success,
                List<Part> output,
                @Nullable String error)
                implements Input {}
    }

    /**
     * A subagent.
     *
     * @param parent its coordinator, and what that calls it
     * @param task its first input
     * @param closedSeconds since when it takes no more input; null while it is open
     */
    record Subagent(
            String id,
            Parent parent,
            List<Part> task,
            long openedSeconds,
            @Nullable Long closedSeconds) {
        public Subagent {
            task = List.copyOf(task);
        }
    }

    /**
     * A session as lists show it.
     *
     * @param ancestor which session it was copied from; null when it was not
     */
    record Session(
            String id,
            Configuration configuration,
            long createdSeconds,
            long lastActiveSeconds,
            View.Status status,
            List<View.RequiredAction> requiredActions,
            entrepot.conversation.Usage usage,
            @Nullable String error,
            Fact.@Nullable Ancestor ancestor) {

        public AgentSnapshot agent() {
            return configuration.agent();
        }

        public Map<String, String> metadata() {
            return configuration.metadata();
        }
    }
}
