package entrepot.runtime.facts;

import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.runtime.agents.AgentSnapshot;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One entry of a session's journal. Never changed, never deleted but with its session. Ids of items
 * are journalled with the fact that makes the item, so that every surface and every replay names it
 * alike.
 *
 * <pre>
 *   journal := SessionCreated (turn | place | InputIgnored | SessionChanged | SessionForked)*
 *   turn    := TurnStarted step* (TurnCompleted | TurnFailed | TurnCancelled)
 *   step    := ModelCallStarted (ModelAnswered | ModelCallFailed) tool*
 *            | InputSteered | CancelAsked | InputIgnored | SessionChanged | place
 *   place   := EnvironmentChanged | EnvironmentReset
 *   tool    := ToolStarted subagent? (ToolReturned | ToolOutcomeUnknown)
 *            | ResultsAwaited ResultAccepted*
 *            | ApprovalAsked ApprovalAnswered ToolStarted?
 *   subagent := SubagentCreated | SubagentInputSent | SubagentInterrupted | SubagentClosed
 *            | SubagentResumed SubagentInputSent? | SubagentsAwaited
 * </pre>
 *
 * What comes from subagents (SubagentReported, SubagentAsked, SubagentAnswered) may stand anywhere
 * after their making. A report that finds no open turn begins one.
 */
public sealed interface Fact {

    /**
     * @param parent null for a session that a caller made
     */
    record SessionCreated(
            AgentSnapshot agent,
            Map<String, String> metadata,
            String team,
            String principal,
            String keyId,
            SessionSettings settings,
            @Nullable Parent parent)
            implements Fact {
        public SessionCreated {
            metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
        }

        public Configuration configuration() {
            return new Configuration(agent, metadata, settings);
        }
    }

    /**
     * What a session is told has changed. The next model call heeds it.
     *
     * @param configuration whole, as it is from now on
     */
    record SessionChanged(Configuration configuration, long inputSeen) implements Fact {}

    /**
     * What stands before it was copied from another session; what follows is this one's own. No
     * turn is open here. Approvals that held for the other session do not hold for this one, and
     * its use is counted from here.
     *
     * @param principal who pays from now on, with {@code keyId}
     */
    record SessionForked(
            Ancestor ancestor, Configuration configuration, String principal, String keyId)
            implements Fact {}

    /**
     * @param inputSeen inbox number up to which input is now in the journal
     */
    record TurnStarted(String turnId, List<UserItem> input, long inputSeen) implements Fact {
        public TurnStarted {
            input = List.copyOf(input);
        }
    }

    /** A message that came during a turn; the next model call sees it. */
    record InputSteered(String turnId, List<UserItem> input, long inputSeen) implements Fact {
        public InputSteered {
            input = List.copyOf(input);
        }
    }

    /**
     * The intent to call a model; written before the call.
     *
     * @param step from 1 within the turn
     * @param attempt from 1 within the step; above 1 after a crash or a retry
     */
    record ModelCallStarted(String turnId, int step, int attempt, String orderId) implements Fact {}

    /**
     * @param items what the model said, in order, each with the id it has on every surface
     * @param receiptId of the ledger row that paid for it
     */
    record ModelAnswered(
            String turnId,
            int step,
            int attempt,
            List<AnswerItem> items,
            StopReason stopReason,
            Usage usage,
            String receiptId)
            implements Fact {
        public ModelAnswered {
            items = List.copyOf(items);
        }
    }

    /**
     * An attempt that brought no answer; what it streamed is void.
     *
     * @param willRetry whether another attempt follows
     */
    record ModelCallFailed(String turnId, int step, int attempt, Failure failure, boolean willRetry)
            implements Fact {}

    /**
     * The intent to use a tool of ours; written before the use.
     *
     * @param itemId of the call's item, as in {@code ModelAnswered}
     * @param server label of the tool server, such as {@code folder}
     * @param key idempotency key handed to the tool
     */
    record ToolStarted(
            String turnId,
            String callId,
            String itemId,
            String server,
            String name,
            String arguments,
            String key)
            implements Fact {}

    /**
     * @param exitCode of a command in an environment that ended; null for everything else. A
     *     command's first part of output is what it wrote.
     */
    record ToolReturned(
            String turnId,
            String callId,
            List<Part> output,
            boolean failed,
            long millis,
            @Nullable Integer exitCode)
            implements Fact {
        public ToolReturned {
            output = List.copyOf(output);
        }

        public ToolReturned(
                String turnId, String callId, List<Part> output, boolean failed, long millis) {
            this(turnId, callId, output, failed, millis, null);
        }
    }

    /** A tool was in flight when its process died, and may not be repeated: nobody knows. */
    record ToolOutcomeUnknown(String turnId, String callId, String reason) implements Fact {}

    /**
     * How the session's environment stands from now on.
     *
     * @param code of what went wrong, and what that was; null when all is well
     */
    record EnvironmentChanged(
            String environmentId,
            EnvironmentStatus status,
            @Nullable String code,
            @Nullable String message)
            implements Fact {}

    /**
     * The files of the session's environment are lost; it begins anew.
     *
     * @param count how often that has happened to it
     */
    record EnvironmentReset(String environmentId, long count) implements Fact {}

    /** The turn waits for the caller's application to answer these function calls. */
    record ResultsAwaited(String turnId, List<String> callIds) implements Fact {
        public ResultsAwaited {
            callIds = List.copyOf(callIds);
        }
    }

    /**
     * @param itemId of the output's item
     * @param error the application's error text when it failed, else null
     */
    record ResultAccepted(
            String turnId,
            String callId,
            String itemId,
            List<Part> output,
            boolean failed,
            @Nullable String error,
            long inputSeen)
            implements Fact {
        public ResultAccepted {
            output = List.copyOf(output);
        }
    }

    /**
     * A call of a tool of ours waits for somebody's word.
     *
     * @param server label of the tool server
     * @param name of the tool as its server offers it
     * @param digest of the exact call, in hex
     * @param reason which policy asks, and why
     * @param expiresMillis when the question lapses, in ms since 1970
     */
    record ApprovalAsked(
            String turnId,
            String callId,
            String approvalId,
            String server,
            String name,
            String arguments,
            String digest,
            String reason,
            long expiresMillis)
            implements Fact {}

    /**
     * The word, or that none came in time.
     *
     * @param by who answered; empty when it lapsed
     * @param forSession whether other calls of the tool in this session are approved with it
     */
    record ApprovalAnswered(
            String turnId,
            String callId,
            String approvalId,
            Answer answer,
            String by,
            @Nullable String note,
            boolean forSession,
            long inputSeen)
            implements Fact {}

    /** How a question for approval ended. */
    enum Answer {
        APPROVED,
        DENIED,
        LAPSED
    }

    record CancelAsked(@Nullable String turnId, long inputSeen) implements Fact {}

    /**
     * Input that had no effect, such as a result for a call whose turn has ended since. It is kept
     * so that nothing accepted is without a trace.
     *
     * @param input what it was, such as {@code tool_result}
     */
    record InputIgnored(String input, String reason, long inputSeen) implements Fact {}

    record TurnCompleted(String turnId, Usage usage) implements Fact {}

    /**
     * @param code a turn error code of the Agents API, such as {@code server_error}
     */
    record TurnFailed(String turnId, String code, String message, Usage usage) implements Fact {}

    record TurnCancelled(String turnId, Usage usage) implements Fact {}

    /**
     * What happens between a session and the subagents that it has made. Whatever such a fact says
     * is done to a subagent is written in the same transaction as the fact.
     */
    sealed interface OfSubagent extends Fact {}

    /**
     * A subagent is there, with a session of its own under its id and its first input.
     *
     * @param name what the coordinator calls it, if it gave a name
     * @param model null for the coordinator's
     * @param reasoningEffort null for the coordinator's
     */
    record SubagentCreated(
            String turnId,
            String callId,
            String subagentId,
            @Nullable String name,
            @Nullable String model,
            @Nullable String reasoningEffort,
            UserItem input)
            implements OfSubagent {}

    record SubagentInputSent(String turnId, String callId, String subagentId, UserItem input)
            implements OfSubagent {}

    /** Its turn, if one is open, is to be cancelled. */
    record SubagentInterrupted(String turnId, String callId, String subagentId)
            implements OfSubagent {}

    /**
     * Its turn, if one is open, is to be cancelled, and it takes no more input.
     *
     * @param callId null when it was closed because the turn failed or was cancelled
     */
    record SubagentClosed(String turnId, @Nullable String callId, String subagentId)
            implements OfSubagent {}

    /** A closed subagent takes input again. */
    record SubagentResumed(String turnId, String callId, String subagentId) implements OfSubagent {}

    /**
     * The turn waits for subagents to end what they were told.
     *
     * @param any whether the first of them is enough
     * @param untilMillis when it goes on in any case, in ms since 1970; null for never
     */
    record SubagentsAwaited(
            String turnId,
            String callId,
            List<String> subagentIds,
            boolean any,
            @Nullable Long untilMillis)
            implements OfSubagent {
        public SubagentsAwaited {
            subagentIds = List.copyOf(subagentIds);
        }
    }

    /**
     * A subagent's turn has ended.
     *
     * @param turnId the open turn, or the one that begins with this; null when a closed subagent
     *     ended and no turn was open: nobody waits for its word
     * @param starts whether the turn begins with this
     */
    record SubagentReported(
            @Nullable String turnId,
            boolean starts,
            String subagentId,
            Report report,
            long inputSeen)
            implements OfSubagent {}

    /**
     * A call of a subagent waits for somebody's word, which the root session is to tell.
     *
     * @param path the subagents from the root's own down to the one that asks
     */
    record SubagentAsked(List<String> path, ApprovalAsked question, long inputSeen)
            implements OfSubagent {
        public SubagentAsked {
            path = List.copyOf(path);
        }
    }

    /** A subagent has the word it waited for, or waits no more. */
    record SubagentAnswered(
            String subagentId, String approvalId, Answer answer, String by, long inputSeen)
            implements OfSubagent {}

    /**
     * How a turn of a subagent ended.
     *
     * @param itemId of the message as the coordinator's readers see it
     * @param output its last answer
     * @param error why it failed; null when it did not
     * @param inputs how many inputs of its coordinator it has taken in, over all its turns
     */
    record Report(
            String turnId,
            String itemId,
            Ending ending,
            List<Part> output,
            @Nullable String error,
            long inputs) {
        public Report {
            output = List.copyOf(output);
        }
    }

    /** How a turn can end; nothing follows any of them. */
    enum Ending {
        COMPLETED,
        FAILED,
        CANCELLED
    }

    /** A fact of a newer version of Entrepot: it survives as it is. */
    record Unknown(String type, int version, byte[] payload) implements Fact {}

    /**
     * The session that made a session, and by which call.
     *
     * @param rootId the session at the top of the tree
     * @param depth 1 for a child of the root
     * @param name what the parent calls it, if it gave a name
     */
    record Parent(
            String sessionId,
            String rootId,
            String turnId,
            String callId,
            int depth,
            @Nullable String name) {}

    /**
     * The session that a session's first facts were copied from.
     *
     * @param seq the last fact that was copied
     * @param imported whether they came in a bundle; then the session may be another server's
     */
    record Ancestor(String sessionId, long seq, boolean imported) {}

    /** A message of the user. */
    record UserItem(String itemId, List<Part> parts) {
        public UserItem {
            parts = List.copyOf(parts);
        }
    }

    /** A piece of an answer: text, reasoning, or a call. */
    record AnswerItem(String itemId, Part part) {}
}
