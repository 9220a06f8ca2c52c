package entrepot.runtime.session;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.session.View.Item;
import entrepot.runtime.session.View.ItemStatus;
import entrepot.runtime.turn.Replay;
import entrepot.runtime.turn.Summary;
import entrepot.runtime.turn.Transcript;
import entrepot.runtime.turn.TurnState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Adds entries up to turns and items, one by one, so that a stream and a page show the same. Not
 * safe for several threads.
 */
public final class ViewFold {

    private final Map<String, View.Turn> turns = new LinkedHashMap<>();
    private final Map<String, Item> items = new LinkedHashMap<>();
    private final Map<String, String> itemIdsByCall = new LinkedHashMap<>();
    private final Map<String, Item> streaming = new LinkedHashMap<>();
    private TurnState state = new TurnState.Nothing();
    private Cursor head = Cursor.START;

    /** What the session's facts say so far. */
    public TurnState state() {
        return state;
    }

    public Cursor head() {
        return head;
    }

    public List<View.Turn> turns() {
        return List.copyOf(turns.values());
    }

    /** Items, those of the answer in flight last. */
    public List<Item> items() {
        List<Item> all = new ArrayList<>(items.size() + streaming.size());
        items.values()
                .forEach(item ->
                        all.add(
                                item instanceof Item.ToolUse use
                                        ? Item.SubagentCall.of(use, agentId())
                                        : item));
        all.addAll(streaming.values());
        return all;
    }

    private String agentId() {
        TurnState.Session session = state.sessionIf();
        return session == null ? "" : session.agent().id();
    }

    public void add(Entry entry) {
        head = entry.cursor();
        switch (entry) {
            case Entry.Recorded recorded -> {
                state = Replay.next(state, recorded.fact());
                fact(recorded.fact(), recorded.atMillis() / 1000);
            }
            case Entry.Piece piece -> piece(piece);
        }
    }

    private void fact(Fact fact, long atSeconds) {
        switch (fact) {
            case Fact.SessionCreated created -> {}
            case Fact.TurnStarted started -> {
                turns.put(
                        started.turnId(),
                        turn(started.turnId(), View.TurnStatus.QUEUED, atSeconds));
                said(started.turnId(), started.input());
            }
            case Fact.InputSteered steered -> said(steered.turnId(), steered.input());
            case Fact.ModelCallStarted started -> {
                streaming.clear();
                begun(started.turnId(), atSeconds);
            }
            case Fact.ModelAnswered answered -> {
                streaming.clear();
                answered(answered);
            }
            case Fact.ModelCallFailed failed -> streaming.clear();
            case Fact.ToolStarted tool -> started(tool);
            case Fact.ToolReturned tool when command(tool.turnId(), tool.callId()) != null ->
                    replace(command(tool.turnId(), tool.callId()), old -> old.ended(tool));
            case Fact.ToolOutcomeUnknown tool when command(tool.turnId(), tool.callId()) != null ->
                    replace(command(tool.turnId(), tool.callId()), old -> old.lost(tool.reason()));
            case Fact.ToolReturned tool ->
                    finished(
                            tool.turnId(),
                            tool.callId(),
                            tool.failed() ? ItemStatus.FAILED : ItemStatus.COMPLETED,
                            text(tool.output()));
            case Fact.ToolOutcomeUnknown tool ->
                    finished(tool.turnId(), tool.callId(), ItemStatus.INCOMPLETE, tool.reason());
            case Fact.EnvironmentChanged changed -> {}
            case Fact.EnvironmentReset reset -> {}
            case Fact.ResultsAwaited awaited -> status(awaited.turnId(), View.TurnStatus.WAITING);
            case Fact.ResultAccepted result -> accepted(result);
            case Fact.ApprovalAsked asked -> {
                items.put(asked.approvalId(), Item.ApprovalRequest.of(asked));
                status(asked.turnId(), View.TurnStatus.WAITING);
            }
            case Fact.ApprovalAnswered answered -> answered(answered);
            case Fact.TurnCompleted end ->
                    ended(end.turnId(), View.TurnStatus.COMPLETED, atSeconds, end.usage(), null);
            case Fact.TurnFailed end ->
                    ended(end.turnId(), View.TurnStatus.FAILED, atSeconds, end.usage(), end);
            case Fact.TurnCancelled end ->
                    ended(end.turnId(), View.TurnStatus.CANCELLED, atSeconds, end.usage(), null);
            case Fact.OfSubagent about -> ofSubagent(about, atSeconds);
            case Fact.SessionChanged changed -> {}
            case Fact.SessionForked forked -> {}
            case Fact.CancelAsked asked -> {}
            case Fact.InputIgnored ignored -> {}
            case Fact.Unknown unknown -> {}
        }
    }

    private void ofSubagent(Fact.OfSubagent fact, long atSeconds) {
        switch (fact) {
            case Fact.SubagentsAwaited awaited -> status(awaited.turnId(), View.TurnStatus.WAITING);
            case Fact.SubagentReported reported -> {
                String turnId = reported.turnId();
                if (reported.starts() && turnId != null) {
                    turns.put(turnId, turn(turnId, View.TurnStatus.QUEUED, atSeconds));
                }
                Item message = Item.AgentMessage.of(reported, agentId());
                if (message != null) {
                    items.put(message.id(), message);
                }
            }
            case Fact.SubagentCreated _,
                    Fact.SubagentInputSent _,
                    Fact.SubagentInterrupted _,
                    Fact.SubagentResumed _,
                    Fact.SubagentClosed _,
                    Fact.SubagentAsked _,
                    Fact.SubagentAnswered _ -> {}
        }
    }

    private @Nullable String command(String turnId, String callId) {
        String id = itemIdsByCall.get(place(turnId, callId));
        return id != null && items.get(id) instanceof Item.Command ? id : null;
    }

    private void replace(@Nullable String id, UnaryOperator<Item.Command> change) {
        if (id != null && items.get(id) instanceof Item.Command command) {
            items.put(id, change.apply(command));
        }
    }

    private void piece(Entry.Piece piece) {
        if (piece.kind() == Entry.Kind.COMMAND) {
            replace(piece.itemId(), old -> old.writing(piece.text()));
            return;
        }
        Item before = streaming.get(piece.itemId());
        streaming.put(
                piece.itemId(),
                switch (piece.kind()) {
                    case REASONING ->
                            new Item.Reasoning(
                                    piece.itemId(),
                                    piece.turnId(),
                                    (before instanceof Item.Reasoning old ? old.text() : "")
                                            + piece.text(),
                                    ItemStatus.IN_PROGRESS);
                    case TEXT, COMMAND ->
                            new Item.AssistantMessage(
                                    piece.itemId(),
                                    piece.turnId(),
                                    List.of(
                                            new Part.Text(
                                                    (before instanceof Item.AssistantMessage old
                                                                    ? text(old.parts())
                                                                    : "")
                                                            + piece.text(),
                                                    Extras.NONE)),
                                    false,
                                    ItemStatus.IN_PROGRESS);
                });
    }

    private void said(String turnId, List<Fact.UserItem> input) {
        for (Fact.UserItem item : input) {
            items.put(
                    item.itemId(),
                    new Item.UserMessage(
                            item.itemId(), turnId, item.parts(), ItemStatus.COMPLETED));
        }
    }

    private void answered(Fact.ModelAnswered answered) {
        String turnId = answered.turnId();
        boolean last =
                answered.items().stream().noneMatch(item -> item.part() instanceof Part.ToolCall);
        ItemStatus status =
                answered.stopReason().equals(StopReason.LENGTH)
                        ? ItemStatus.INCOMPLETE
                        : ItemStatus.COMPLETED;
        for (Fact.AnswerItem item : answered.items()) {
            String id = item.itemId();
            items.put(
                    id,
                    switch (item.part()) {
                        case Part.ToolCall call -> asked(turnId, id, call);
                        case Part.Reasoning reasoning ->
                                new Item.Reasoning(id, turnId, reasoning.text(), status);
                        case Part other ->
                                new Item.AssistantMessage(id, turnId, List.of(other), last, status);
                    });
        }
    }

    private Item asked(String turnId, String id, Part.ToolCall call) {
        itemIdsByCall.put(place(turnId, call.callId()), id);
        TurnState.Session session = state.sessionIf();
        boolean function = session != null && session.functions().contains(call.name());
        return function
                ? new Item.FunctionCall(
                        id,
                        turnId,
                        call.callId(),
                        call.name(),
                        call.arguments(),
                        ItemStatus.IN_PROGRESS)
                : new Item.ToolUse(
                        id,
                        turnId,
                        call.callId(),
                        "",
                        call.name(),
                        call.arguments(),
                        null,
                        null,
                        ItemStatus.IN_PROGRESS);
    }

    private void started(Fact.ToolStarted tool) {
        if (Item.Command.is(tool)) {
            items.put(tool.itemId(), Item.Command.of(tool));
            return;
        }
        items.put(
                tool.itemId(),
                new Item.ToolUse(
                        tool.itemId(),
                        tool.turnId(),
                        tool.callId(),
                        tool.server(),
                        tool.name(),
                        tool.arguments(),
                        null,
                        null,
                        ItemStatus.IN_PROGRESS));
    }

    private void finished(String turnId, String callId, ItemStatus status, String text) {
        String id = itemIdsByCall.get(place(turnId, callId));
        if (id != null && items.get(id) instanceof Item.ToolUse use) {
            boolean good = status == ItemStatus.COMPLETED;
            items.put(
                    id,
                    new Item.ToolUse(
                            id,
                            turnId,
                            callId,
                            use.server(),
                            use.name(),
                            use.arguments(),
                            good ? text : null,
                            good ? null : text,
                            status));
        }
    }

    private void accepted(Fact.ResultAccepted result) {
        ItemStatus status = result.failed() ? ItemStatus.FAILED : ItemStatus.COMPLETED;
        String id = itemIdsByCall.get(place(result.turnId(), result.callId()));
        if (id != null && items.get(id) instanceof Item.FunctionCall call) {
            items.put(id, closed(call, status));
        }
        items.put(
                result.itemId(),
                new Item.FunctionCallOutput(
                        result.itemId(),
                        result.turnId(),
                        result.callId(),
                        result.output(),
                        result.error(),
                        status));
        goneOn(result.turnId());
    }

    private void answered(Fact.ApprovalAnswered answered) {
        items.computeIfPresent(
                answered.approvalId(),
                (id, item) ->
                        item instanceof Item.ApprovalRequest request
                                ? request.to(Item.status(answered.answer()))
                                : item);
        if (answered.answer() != Fact.Answer.APPROVED) {
            finished(
                    answered.turnId(),
                    answered.callId(),
                    ItemStatus.FAILED,
                    Transcript.denial(answered));
        }
        goneOn(answered.turnId());
    }

    private void goneOn(String turnId) {
        boolean waits = !Summary.of(state).waiting().isEmpty();
        status(turnId, waits ? View.TurnStatus.WAITING : View.TurnStatus.IN_PROGRESS);
    }

    private static Item.FunctionCall closed(Item.FunctionCall call, ItemStatus status) {
        return new Item.FunctionCall(
                call.id(), call.turnId(), call.callId(), call.name(), call.arguments(), status);
    }

    /** A turn's end closes what it left open. */
    private void ended(
            String turnId,
            View.TurnStatus status,
            long atSeconds,
            Usage usage,
            Fact.@Nullable TurnFailed failed) {
        streaming.clear();
        turns.computeIfPresent(
                turnId,
                (id, turn) ->
                        new View.Turn(
                                id,
                                status,
                                turn.createdSeconds(),
                                turn.startedSeconds(),
                                atSeconds,
                                failed == null ? null : failed.code(),
                                failed == null ? null : failed.message(),
                                usage));
        items.replaceAll((id, item) ->
                item.turnId().equals(turnId) && item.status() == ItemStatus.IN_PROGRESS
                        ? incomplete(item)
                        : item);
    }

    private static Item incomplete(Item item) {
        return switch (item) {
            case Item.FunctionCall call -> closed(call, ItemStatus.INCOMPLETE);
            case Item.ToolUse use ->
                    new Item.ToolUse(
                            use.id(),
                            use.turnId(),
                            use.callId(),
                            use.server(),
                            use.name(),
                            use.arguments(),
                            use.output(),
                            use.error(),
                            ItemStatus.INCOMPLETE);
            case Item.SubagentCall call -> call;
            case Item.AgentMessage message -> message;
            case Item.Command command -> command.lost("The turn ended while it ran.");
            case Item.UserMessage message -> message;
            case Item.AssistantMessage message -> message;
            case Item.Reasoning reasoning -> reasoning;
            case Item.FunctionCallOutput output -> output;
            case Item.ApprovalRequest request -> request.to(ItemStatus.INCOMPLETE);
        };
    }

    private void begun(String turnId, long atSeconds) {
        turns.computeIfPresent(
                turnId,
                (id, turn) ->
                        new View.Turn(
                                id,
                                View.TurnStatus.IN_PROGRESS,
                                turn.createdSeconds(),
                                turn.startedSeconds() == null
                                        ? (Long) atSeconds
                                        : turn.startedSeconds(),
                                null,
                                null,
                                null,
                                turn.usage()));
    }

    private void status(String turnId, View.TurnStatus status) {
        turns.computeIfPresent(
                turnId,
                (id, turn) ->
                        new View.Turn(
                                id,
                                status,
                                turn.createdSeconds(),
                                turn.startedSeconds(),
                                null,
                                null,
                                null,
                                turn.usage()));
    }

    private static View.Turn turn(String id, View.TurnStatus status, long createdSeconds) {
        return new View.Turn(id, status, createdSeconds, null, null, null, null, Usage.NONE);
    }

    private static String place(String turnId, String callId) {
        return turnId + "/" + callId;
    }

    private static String text(List<Part> parts) {
        return parts.stream()
                .map(part -> part instanceof Part.Text text ? text.text() : "")
                .collect(Collectors.joining());
    }
}
