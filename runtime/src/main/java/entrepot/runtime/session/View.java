package entrepot.runtime.session;

import entrepot.conversation.Part;
import entrepot.conversation.Usage;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.subagents.SubagentTool;
import entrepot.runtime.tools.ToolServers;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.util.List;
import java.util.Objects;

/**
 * What a session's facts add up to: a pure fold over the journal, the same for every surface.
 *
 * @param items of the root agent, oldest first
 */
public record View(
        String sessionId,
        Status status,
        List<Turn> turns,
        List<Item> items,
        List<RequiredAction> requiredActions,
        Usage usage,
        @Nullable String error,
        Cursor head) {

    public View {
        turns = List.copyOf(turns);
        items = List.copyOf(items);
        requiredActions = List.copyOf(requiredActions);
    }

    /** As in the Agents API. */
    public enum Status {
        IDLE,
        IN_PROGRESS,
        REQUIRES_ACTION,
        FAILED
    }

    public enum TurnStatus {
        QUEUED,
        IN_PROGRESS,
        WAITING,
        COMPLETED,
        FAILED,
        CANCELLED
    }

    public enum ItemStatus {
        IN_PROGRESS,
        COMPLETED,
        FAILED,
        INCOMPLETE
    }

    public record Turn(
            String id,
            TurnStatus status,
            long createdSeconds,
            @Nullable Long startedSeconds,
            @Nullable Long completedSeconds,
            @Nullable String errorCode,
            @Nullable String errorMessage,
            Usage usage) {}

    /**
     * A call that somebody outside has to answer.
     *
     * @param name of the function, or of the tool that needs approval
     * @param approval null for a function call, which the caller's application answers
     * @param path the subagents down to the one that asks; empty for the session itself
     */
    public record RequiredAction(
            String turnId,
            String callId,
            String name,
            String arguments,
            @Nullable Approval approval,
            List<String> path) {

        public RequiredAction {
            path = List.copyOf(path);
        }

        /** Of the session itself. */
        public RequiredAction(
                String turnId,
                String callId,
                String name,
                String arguments,
                @Nullable Approval approval) {
            this(turnId, callId, name, arguments, approval, List.of());
        }

        /** A call of the caller's application. */
        public RequiredAction(String turnId, String callId, String name, String arguments) {
            this(turnId, callId, name, arguments, null);
        }
    }

    /**
     * A question for approval that is open.
     *
     * @param digest of the exact call
     * @param expiresSeconds when it lapses, in s since 1970
     */
    public record Approval(
            String id,
            String server,
            String tool,
            String digest,
            String reason,
            long expiresSeconds) {

        public static Approval of(Fact.ApprovalAsked asked) {
            return new Approval(
                    asked.approvalId(),
                    asked.server(),
                    asked.name(),
                    asked.digest(),
                    asked.reason(),
                    asked.expiresMillis() / 1000);
        }
    }

    /** Something a reader of the session sees. */
    public sealed interface Item {
        String id();

        String turnId();

        ItemStatus status();

        record UserMessage(String id, String turnId, List<Part> parts, ItemStatus status)
                implements Item {}

        /**
         * @param last whether the turn ends with it (the surface's {@code final_answer})
         */
        record AssistantMessage(
                String id, String turnId, List<Part> parts, boolean last, ItemStatus status)
                implements Item {}

        record Reasoning(String id, String turnId, String text, ItemStatus status)
                implements Item {}

        /** Runs in the caller's application. */
        record FunctionCall(
                String id,
                String turnId,
                String callId,
                String name,
                String arguments,
                ItemStatus status)
                implements Item {}

        record FunctionCallOutput(
                String id,
                String turnId,
                String callId,
                List<Part> output,
                @Nullable String error,
                ItemStatus status)
                implements Item {}

        /**
         * A call of a tool of ours that somebody has to approve.
         *
         * @param id of the question
         * @param callId of the call
         * @param status completed when approved, failed when denied, incomplete when it lapsed
         */
        record ApprovalRequest(
                String id,
                String turnId,
                String callId,
                Approval approval,
                String arguments,
                ItemStatus status)
                implements Item {

            /** The same with another status. */
            public ApprovalRequest to(ItemStatus next) {
                return new ApprovalRequest(id, turnId, callId, approval, arguments, next);
            }

            public static ApprovalRequest of(Fact.ApprovalAsked asked) {
                return new ApprovalRequest(
                        asked.approvalId(),
                        asked.turnId(),
                        asked.callId(),
                        Approval.of(asked),
                        asked.arguments(),
                        ItemStatus.IN_PROGRESS);
            }
        }

        /** How a question for approval that ended is shown. */
        static ItemStatus status(Fact.Answer answer) {
            return switch (answer) {
                case APPROVED -> ItemStatus.COMPLETED;
                case DENIED -> ItemStatus.FAILED;
                case LAPSED -> ItemStatus.INCOMPLETE;
            };
        }

        /**
         * What a subagent said at the end of its turn.
         *
         * @param senderId of the subagent
         * @param recipientId of the session's agent
         */
        record AgentMessage(
                String id,
                String turnId,
                String senderId,
                String recipientId,
                List<Part> parts,
                ItemStatus status)
                implements Item {

            /** Of a report that a turn has heard; else null. */
            public static @Nullable AgentMessage of(
                    Fact.SubagentReported reported, String recipientId) {
                Fact.Report report = reported.report();
                return reported.turnId() == null
                        ? null
                        : new AgentMessage(
                                report.itemId(),
                                reported.turnId(),
                                reported.subagentId(),
                                recipientId,
                                report.output(),
                                ItemStatus.COMPLETED);
            }
        }

        /**
         * A coordinator's use of one of its tools.
         *
         * @param senderId of the session's agent
         */
        record SubagentCall(
                String id,
                String turnId,
                String callId,
                SubagentTool tool,
                String senderId,
                String arguments,
                @Nullable String output,
                @Nullable String error,
                ItemStatus status)
                implements Item {

            /** The use of a tool as readers see it. */
            public static Item of(ToolUse use, String senderId) {
                if (!use.server().equals(SubagentTool.LABEL)) {
                    return use;
                }
                return SubagentTool.of(use.name())
                        .<Item>map(tool ->
                                new SubagentCall(
                                        use.id(),
                                        use.turnId(),
                                        use.callId(),
                                        tool,
                                        senderId,
                                        use.arguments(),
                                        use.output(),
                                        use.error(),
                                        use.status()))
                        .orElse(use);
            }
        }

        /**
         * A command in the session's environment.
         *
         * @param folder it runs in; null for the usual one
         * @param output what it wrote, cut in the middle when it is long; null while it runs
         */
        record Command(
                String id,
                String turnId,
                String callId,
                String command,
                @Nullable String folder,
                @Nullable Integer exitCode,
                @Nullable String output,
                @Nullable Long millis,
                ItemStatus status)
                implements Item {

            /** One that is about to run. */
            public static Command of(Fact.ToolStarted started) {
                return new Command(
                        started.itemId(),
                        started.turnId(),
                        started.callId(),
                        Objects.requireNonNullElse(argument(started.arguments(), "command"), ""),
                        argument(started.arguments(), "cwd"),
                        null,
                        null,
                        null,
                        ItemStatus.IN_PROGRESS);
            }

            /** Whether a use of a tool is a command. */
            public static boolean is(Fact.ToolStarted started) {
                return started.server().equals(ToolServers.ENVIRONMENT)
                        && started.name().equals(ToolServers.RUN_COMMAND);
            }

            /** With what it has written so far. */
            public Command writing(String more) {
                return new Command(
                        id,
                        turnId,
                        callId,
                        command,
                        folder,
                        null,
                        output == null ? more : output + more,
                        null,
                        status);
            }

            /** As it ended. */
            public Command ended(Fact.ToolReturned returned) {
                return new Command(
                        id,
                        turnId,
                        callId,
                        command,
                        folder,
                        returned.exitCode(),
                        returned.output().isEmpty()
                                        || !(returned.output().getFirst() instanceof Part.Text text)
                                ? null
                                : text.text(),
                        returned.millis(),
                        returned.failed() ? ItemStatus.FAILED : ItemStatus.COMPLETED);
            }

            /** Nobody knows how it ended; what it wrote before stays. */
            public Command lost(String reason) {
                return new Command(
                        id,
                        turnId,
                        callId,
                        command,
                        folder,
                        null,
                        output == null ? reason : output + "\n[" + reason + "]",
                        null,
                        ItemStatus.INCOMPLETE);
            }

            private static @Nullable String argument(String arguments, String name) {
                try {
                    return JsonMapper.shared().readTree(arguments).path(name).asString(null);
                } catch (JacksonException e) {
                    return null;
                }
            }
        }

        /** A tool of ours: call and result in one item. */
        record ToolUse(
                String id,
                String turnId,
                String callId,
                String server,
                String name,
                String arguments,
                @Nullable String output,
                @Nullable String error,
                ItemStatus status)
                implements Item {}
    }
}
