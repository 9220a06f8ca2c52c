package entrepot.runtime.session;

import entrepot.conversation.Part;
import entrepot.conversation.Usage;

import org.jspecify.annotations.Nullable;

import java.util.List;

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

    /** A function call that waits for the caller's application. */
    public record RequiredAction(String turnId, String callId, String name, String arguments) {}

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
