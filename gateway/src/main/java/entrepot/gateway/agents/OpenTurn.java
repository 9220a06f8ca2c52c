package entrepot.gateway.agents;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.session.Entry;
import entrepot.runtime.session.View;
import entrepot.runtime.turn.Transcript;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The turn that is under way: its items that are not done, and the calls it waits for. */
final class OpenTurn {

    private final EventProjector projector;
    private final String id;
    private final long createdSeconds;

    /** Texts being streamed, by item. */
    private final Map<String, Streaming> streaming = new LinkedHashMap<>();

    /** Calls of the model, by call id. */
    private final Map<String, Asked> calls = new LinkedHashMap<>();

    /** Questions for approval that are open, by their ids. */
    private final Map<String, Question> questions = new LinkedHashMap<>();

    private int outputIndex;

    OpenTurn(EventProjector projector, String id, long createdSeconds) {
        this.projector = projector;
        this.id = id;
        this.createdSeconds = createdSeconds;
    }

    private record Question(View.Item.ApprovalRequest item, int index, String name) {}

    /** A text that comes in pieces. */
    private record Streaming(String itemId, int index, Entry.Kind kind, StringBuilder text) {}

    /** A call of the model, and how far it has come. */
    private static final class Asked {
        private final String itemId;
        private final int index;
        private final Part.ToolCall call;
        private State state = State.ASKED;
        private @Nullable String server;
        private @Nullable String tool;
        private View.Item.@Nullable Command command;

        private Asked(String itemId, int index, Part.ToolCall call) {
            this.itemId = itemId;
            this.index = index;
            this.call = call;
        }

        private enum State {
            /** Nobody has been told yet. */
            ASKED,
            AWAITED,
            RUNNING,
            DONE
        }
    }

    String id() {
        return id;
    }

    long createdSeconds() {
        return createdSeconds;
    }

    View.Turn view(View.TurnStatus status, @Nullable Long startedSeconds) {
        return new View.Turn(
                id, status, createdSeconds, startedSeconds, null, null, null, Usage.NONE);
    }

    /** The calls that wait for somebody outside. */
    List<View.RequiredAction> awaited() {
        var actions = new ArrayList<View.RequiredAction>();
        for (Asked asked : calls.values()) {
            if (asked.state == Asked.State.AWAITED) {
                Part.ToolCall call = asked.call;
                actions.add(
                        new View.RequiredAction(id, call.callId(), call.name(), call.arguments()));
            }
        }
        for (Question question : questions.values()) {
            View.Item.ApprovalRequest item = question.item();
            actions.add(
                    new View.RequiredAction(
                            id, item.callId(), question.name(), item.arguments(), item.approval()));
        }
        return actions;
    }

    void hold(Fact.ApprovalAsked asked) {
        Asked call = calls.get(asked.callId());
        var question =
                new Question(
                        View.Item.ApprovalRequest.of(asked),
                        outputIndex++,
                        call == null ? asked.name() : call.call.name());
        questions.put(asked.approvalId(), question);
        added(question.item(), question.index());
    }

    void decide(Fact.ApprovalAnswered answered) {
        Question question = questions.remove(answered.approvalId());
        if (question == null) {
            return;
        }
        done(question.item().to(View.Item.status(answered.answer())), question.index());
        Asked asked = calls.get(answered.callId());
        if (answered.answer() != Fact.Answer.APPROVED && asked != null) {
            asked.server = question.item().approval().server();
            asked.state = Asked.State.RUNNING;
            added(use(asked, null, null, View.ItemStatus.IN_PROGRESS), asked.index);
            endTool(answered.callId(), null, Transcript.denial(answered), View.ItemStatus.FAILED);
        }
    }

    void showUser(Fact.UserItem item) {
        added(
                new View.Item.UserMessage(
                        item.itemId(), id, item.parts(), View.ItemStatus.COMPLETED),
                null);
    }

    /** Shows what a subagent said. */
    void hear(Fact.SubagentReported reported) {
        View.Item message = View.Item.AgentMessage.of(reported, projector.agentId());
        if (message != null) {
            added(message, null);
        }
    }

    void stream(Entry.Piece piece) {
        if (piece.kind() == Entry.Kind.COMMAND) {
            write(piece);
            return;
        }
        Streaming open = streaming.get(piece.itemId());
        if (open == null) {
            open = open(piece.itemId(), piece.kind());
        }
        delta(open, piece.text());
    }

    private void write(Entry.Piece piece) {
        for (Asked asked : calls.values()) {
            View.Item.Command command = asked.command;
            if (command != null && asked.itemId.equals(piece.itemId())) {
                asked.command = command.writing(piece.text());
                projector
                        .emit("agent.output.command_execution_output.delta", id)
                        .put("item_id", piece.itemId())
                        .put("output_index", asked.index)
                        .put("delta", piece.text());
            }
        }
    }

    void answer(Fact.ModelAnswered answered) {
        for (Fact.AnswerItem item : answered.items()) {
            if (item.part() instanceof Part.ToolCall call) {
                calls.put(call.callId(), new Asked(item.itemId(), outputIndex++, call));
            } else {
                finish(item, answered);
            }
        }
        voidStreaming();
    }

    /** Ends what an attempt has streamed and nobody will finish. */
    void voidStreaming() {
        for (Streaming open : List.copyOf(streaming.values())) {
            close(open, open.text.toString(), View.ItemStatus.INCOMPLETE, false);
        }
    }

    void startTool(Fact.ToolStarted started) {
        Asked asked = calls.get(started.callId());
        if (asked == null) {
            var call =
                    new Part.ToolCall(
                            started.callId(), started.name(), started.arguments(), Extras.NONE);
            asked = new Asked(started.itemId(), outputIndex++, call);
            calls.put(started.callId(), asked);
        }
        if (asked.state == Asked.State.RUNNING) {
            return; // Run again after a crash: its readers know of it.
        }
        asked.server = started.server();
        asked.tool = started.name();
        asked.state = Asked.State.RUNNING;
        asked.command = View.Item.Command.is(started) ? View.Item.Command.of(started) : null;
        added(use(asked, null, null, View.ItemStatus.IN_PROGRESS), asked.index);
    }

    void endTool(Fact.ToolReturned returned) {
        Asked asked = calls.get(returned.callId());
        if (asked != null && asked.command != null && asked.state == Asked.State.RUNNING) {
            asked.state = Asked.State.DONE;
            done(asked.command.ended(returned), asked.index);
            return;
        }
        String text = joined(returned.output());
        endTool(
                returned.callId(),
                returned.failed() ? null : text,
                returned.failed() ? text : null,
                returned.failed() ? View.ItemStatus.FAILED : View.ItemStatus.COMPLETED);
    }

    void loseTool(Fact.ToolOutcomeUnknown unknown) {
        endTool(unknown.callId(), null, unknown.reason(), View.ItemStatus.INCOMPLETE);
    }

    void await(List<String> callIds) {
        for (String callId : callIds) {
            Asked asked = calls.get(callId);
            if (asked != null && asked.state == Asked.State.ASKED) {
                asked.state = Asked.State.AWAITED;
                added(function(asked, View.ItemStatus.IN_PROGRESS), asked.index);
            }
        }
    }

    void acceptResult(Fact.ResultAccepted accepted) {
        View.ItemStatus status =
                accepted.failed() ? View.ItemStatus.FAILED : View.ItemStatus.COMPLETED;
        Asked asked = calls.get(accepted.callId());
        if (asked != null && asked.state == Asked.State.AWAITED) {
            asked.state = Asked.State.DONE;
            done(function(asked, status), asked.index);
        }
        added(
                new View.Item.FunctionCallOutput(
                        accepted.itemId(),
                        id,
                        accepted.callId(),
                        accepted.output(),
                        accepted.error(),
                        status),
                null);
    }

    /** The turn ends: whatever is open stays undone. Calls nobody was told of stay untold. */
    void abandonOpenItems() {
        voidStreaming();
        for (Asked asked : calls.values()) {
            if (asked.state == Asked.State.AWAITED) {
                done(function(asked, View.ItemStatus.INCOMPLETE), asked.index);
            } else if (asked.state == Asked.State.RUNNING) {
                done(use(asked, null, null, View.ItemStatus.INCOMPLETE), asked.index);
            }
            asked.state = Asked.State.DONE;
        }
        for (Question question : questions.values()) {
            done(question.item().to(View.ItemStatus.INCOMPLETE), question.index());
        }
        questions.clear();
    }

    /** Tells of the open items as if they had just been added with what they hold. */
    void showOpenItems() {
        for (Streaming open : streaming.values()) {
            added(
                    streamed(open, open.text.toString(), View.ItemStatus.IN_PROGRESS, false),
                    open.index);
            addPart(open, open.text.toString());
        }
        for (Question question : questions.values()) {
            added(question.item(), question.index());
        }
        for (Asked asked : calls.values()) {
            if (asked.state == Asked.State.AWAITED) {
                added(function(asked, View.ItemStatus.IN_PROGRESS), asked.index);
            } else if (asked.state == Asked.State.RUNNING) {
                added(use(asked, null, null, View.ItemStatus.IN_PROGRESS), asked.index);
            }
        }
    }

    private void finish(Fact.AnswerItem item, Fact.ModelAnswered answered) {
        View.ItemStatus status =
                answered.stopReason().equals(StopReason.LENGTH)
                        ? View.ItemStatus.INCOMPLETE
                        : View.ItemStatus.COMPLETED;
        String text = EventProjector.text(item.part());
        if (text == null) {
            return;
        }
        Entry.Kind kind =
                item.part() instanceof Part.Reasoning ? Entry.Kind.REASONING : Entry.Kind.TEXT;
        Streaming open = streaming.get(item.itemId());
        if (open == null && kind == Entry.Kind.REASONING && text.isEmpty()) {
            int index = outputIndex++; // Thought, and told nobody what.
            var silent = new View.Item.Reasoning(item.itemId(), id, "", status);
            added(silent, index);
            done(silent, index);
            return;
        }
        if (open == null) {
            open = open(item.itemId(), kind);
        }
        if (text.length() > open.text.length() && text.startsWith(open.text.toString())) {
            delta(open, text.substring(open.text.length()));
        }
        boolean last = answered.items().stream().noneMatch(i -> i.part() instanceof Part.ToolCall);
        close(open, text, status, last);
    }

    private Streaming open(String itemId, Entry.Kind kind) {
        var open = new Streaming(itemId, outputIndex++, kind, new StringBuilder());
        streaming.put(itemId, open);
        added(empty(open), open.index);
        addPart(open, "");
        return open;
    }

    private View.Item empty(Streaming open) {
        return switch (open.kind) {
            case TEXT, COMMAND ->
                    new View.Item.AssistantMessage(
                            open.itemId, id, List.of(), false, View.ItemStatus.IN_PROGRESS);
            case REASONING ->
                    new View.Item.Reasoning(open.itemId, id, "", View.ItemStatus.IN_PROGRESS);
        };
    }

    private View.Item streamed(Streaming open, String text, View.ItemStatus status, boolean last) {
        return switch (open.kind) {
            case TEXT, COMMAND ->
                    new View.Item.AssistantMessage(
                            open.itemId,
                            id,
                            List.of(new Part.Text(text, Extras.NONE)),
                            last,
                            status);
            case REASONING -> new View.Item.Reasoning(open.itemId, id, text, status);
        };
    }

    private void addPart(Streaming open, String text) {
        switch (open.kind) {
            case TEXT, COMMAND ->
                    ofPart("agent.session.turn.content_part.added", open)
                            .set("part", ContentJson.outputText(text));
            case REASONING ->
                    ofPart("agent.session.turn.reasoning_summary_part.added", open)
                            .set("part", ContentJson.summaryText(text));
        }
    }

    private void delta(Streaming open, String text) {
        open.text.append(text);
        String type =
                switch (open.kind) {
                    case TEXT, COMMAND -> "agent.session.turn.output_text.delta";
                    case REASONING -> "agent.session.turn.reasoning_summary_text.delta";
                };
        ofPart(type, open).put("delta", text);
    }

    private void close(Streaming open, String text, View.ItemStatus status, boolean last) {
        switch (open.kind) {
            case TEXT, COMMAND -> {
                ofPart("agent.session.turn.output_text.done", open).put("text", text);
                ofPart("agent.session.turn.content_part.done", open)
                        .set("part", ContentJson.outputText(text));
            }
            case REASONING -> {
                ofPart("agent.session.turn.reasoning_summary_text.done", open).put("text", text);
                ObjectNode part =
                        ofPart("agent.session.turn.reasoning_summary_part.done", open)
                                .put(
                                        "status",
                                        status == View.ItemStatus.INCOMPLETE ? "incomplete" : null);
                part.set("part", ContentJson.summaryText(text));
            }
        }
        streaming.remove(open.itemId);
        done(streamed(open, text, status, last), open.index);
    }

    private void endTool(
            String callId,
            @Nullable String output,
            @Nullable String error,
            View.ItemStatus status) {
        Asked asked = calls.get(callId);
        if (asked != null && asked.state == Asked.State.RUNNING) {
            asked.state = Asked.State.DONE;
            done(use(asked, output, error, status), asked.index);
        }
    }

    private View.Item function(Asked asked, View.ItemStatus status) {
        Part.ToolCall call = asked.call;
        return new View.Item.FunctionCall(
                asked.itemId, id, call.callId(), call.name(), call.arguments(), status);
    }

    private View.Item use(
            Asked asked, @Nullable String output, @Nullable String error, View.ItemStatus status) {
        View.Item.Command command = asked.command;
        if (command != null) {
            return status == View.ItemStatus.IN_PROGRESS
                    ? command
                    : command.lost(error == null ? "The turn ended while it ran." : error);
        }
        Part.ToolCall call = asked.call;
        return View.Item.SubagentCall.of(
                new View.Item.ToolUse(
                        asked.itemId,
                        id,
                        call.callId(),
                        Objects.requireNonNullElse(asked.server, ""),
                        Objects.requireNonNullElse(asked.tool, call.name()),
                        call.arguments(),
                        output,
                        error,
                        status),
                projector.agentId());
    }

    private void added(View.Item item, @Nullable Integer index) {
        ObjectNode event = projector.emit("agent.session.turn.item.added", id);
        event.put("output_index", index).set("item", SessionJson.item(item));
    }

    private void done(View.Item item, int index) {
        ObjectNode event = projector.emit("agent.session.turn.item.done", id);
        event.put("output_index", index).set("item", SessionJson.item(item));
    }

    private ObjectNode ofPart(String type, Streaming open) {
        ObjectNode event =
                projector
                        .emit(type, id)
                        .put("item_id", open.itemId)
                        .put("output_index", open.index);
        return switch (open.kind) {
            case TEXT, COMMAND -> event.put("content_index", 0);
            case REASONING -> event.put("summary_index", 0);
        };
    }

    private static String joined(List<Part> parts) {
        var text = new StringBuilder();
        for (Part part : parts) {
            String piece = EventProjector.text(part);
            if (piece != null) {
                text.append(piece);
            }
        }
        return text.toString();
    }
}
