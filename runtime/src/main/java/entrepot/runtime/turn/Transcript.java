package entrepot.runtime.turn;

import entrepot.conversation.Extras;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Part;
import entrepot.runtime.facts.Fact;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The conversation as a model is to see it. A call and its result are never parted: each answer is
 * followed by one result for each of its calls, in their order, and what the user said meanwhile
 * comes after them. A call without a result gets one that says so.
 */
public final class Transcript {

    private static final String UNANSWERED =
            "This call has no result: the turn ended before there was one.";

    private static final String RESET =
            "[The environment was made anew: files and processes of before are lost.]";

    private final List<Message> messages = new ArrayList<>();
    private final List<Message> held = new ArrayList<>();
    private final Map<String, Part.@Nullable ToolResult> open = new LinkedHashMap<>();

    private final Map<String, Wait> waits = new LinkedHashMap<>();

    private Transcript() {}

    /** What comes from a subagent that is waited for is told by the result of the wait. */
    private record Wait(List<String> subagentIds, List<Message> withheld) {}

    public static List<Message> of(List<Fact> facts) {
        Transcript transcript = new Transcript();
        facts.forEach(transcript::add);
        transcript.close();
        return List.copyOf(transcript.messages);
    }

    private void add(Fact fact) {
        switch (fact) {
            case Fact.SessionCreated created -> instructions(created.agent().instructions());
            case Fact.TurnStarted started -> said(started.input());
            case Fact.InputSteered steered -> said(steered.input());
            case Fact.ModelAnswered answered -> answered(answered);
            case Fact.OfSubagent about -> ofSubagent(about);
            case Fact.ToolReturned tool -> {
                waits.remove(tool.callId());
                result(tool.callId(), tool.output(), tool.failed());
            }
            case Fact.ToolOutcomeUnknown tool -> {
                Wait wait = waits.remove(tool.callId());
                if (wait != null) {
                    held.addAll(wait.withheld());
                }
                result(tool.callId(), unknown(tool), true);
            }
            case Fact.ResultAccepted result ->
                    result(result.callId(), output(result), result.failed());
            case Fact.ApprovalAnswered answered -> {
                if (answered.answer() != Fact.Answer.APPROVED) {
                    result(answered.callId(), List.of(text(denial(answered))), true);
                }
            }
            case Fact.TurnCompleted end -> close();
            case Fact.TurnFailed end -> close();
            case Fact.TurnCancelled end -> close();
            case Fact.ModelCallStarted started -> {}
            case Fact.ModelCallFailed failed -> {}
            case Fact.ToolStarted started -> {}
            case Fact.EnvironmentReset reset -> {
                Message message = Message.text(Role.USER, RESET);
                (open.isEmpty() ? messages : held).add(message);
            }
            case Fact.EnvironmentChanged changed -> {}
            case Fact.ResultsAwaited awaited -> {}
            case Fact.SessionChanged changed -> {}
            case Fact.SessionForked forked -> {}
            case Fact.ApprovalAsked asked -> {}
            case Fact.CancelAsked asked -> {}
            case Fact.InputIgnored ignored -> {}
            case Fact.Unknown unknown -> {}
        }
    }

    private void instructions(@Nullable String text) {
        if (text != null && !text.isEmpty()) {
            messages.add(Message.text(Role.SYSTEM, text));
        }
    }

    private void said(List<Fact.UserItem> items) {
        for (Fact.UserItem item : items) {
            Message message = new Message(Role.USER, item.parts(), null, Extras.NONE);
            (open.isEmpty() ? messages : held).add(message);
        }
    }

    private void ofSubagent(Fact.OfSubagent fact) {
        switch (fact) {
            case Fact.SubagentsAwaited awaited ->
                    waits.put(awaited.callId(), new Wait(awaited.subagentIds(), new ArrayList<>()));
            case Fact.SubagentReported reported -> {
                if (reported.turnId() != null) {
                    reported(reported);
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

    private void reported(Fact.SubagentReported reported) {
        Fact.Report report = reported.report();
        String words =
                "[Subagent "
                        + reported.subagentId()
                        + ", status "
                        + Coordination.word(report.ending())
                        + "]\n"
                        + (report.error() == null ? "" : report.error() + "\n")
                        + Coordination.text(report.output());
        Message message = Message.text(Role.USER, words.strip());
        for (Wait wait : waits.values()) {
            if (wait.subagentIds().contains(reported.subagentId())) {
                wait.withheld().add(message);
                return;
            }
        }
        (open.isEmpty() ? messages : held).add(message);
    }

    private void answered(Fact.ModelAnswered answered) {
        close();
        List<Part> parts = answered.items().stream().map(Fact.AnswerItem::part).toList();
        if (parts.isEmpty()) {
            return;
        }
        messages.add(new Message(Role.ASSISTANT, parts, null, Extras.NONE));
        for (Part part : parts) {
            if (part instanceof Part.ToolCall call) {
                open.put(call.callId(), null);
            }
        }
    }

    private void result(String callId, List<Part> output, boolean failed) {
        if (!open.containsKey(callId)) {
            return;
        }
        open.put(callId, new Part.ToolResult(callId, output, failed, Extras.NONE));
        if (open.values().stream().allMatch(result -> result != null)) {
            close();
        }
    }

    private void close() {
        open.forEach((callId, result) ->
                messages.add(
                        Message.of(
                                Role.TOOL,
                                result != null
                                        ? result
                                        : new Part.ToolResult(
                                                callId,
                                                List.of(text(UNANSWERED)),
                                                true,
                                                Extras.NONE))));
        open.clear();
        messages.addAll(held);
        held.clear();
    }

    /** What the model and the reader of the item are told of a call that was not approved. */
    public static String denial(Fact.ApprovalAnswered answered) {
        if (answered.answer() == Fact.Answer.LAPSED) {
            return "This call was not made: it needed approval, and nobody gave it in time.";
        }
        String note = answered.note();
        return "This call was not made: "
                + answered.by()
                + " denied it."
                + (note == null || note.isBlank() ? "" : " " + note.strip());
    }

    private static List<Part> unknown(Fact.ToolOutcomeUnknown tool) {
        return List.of(
                text(
                        "The outcome of this call is unknown: it may have taken effect, wholly or"
                                + " in part, or not at all. It was not repeated. "
                                + tool.reason()));
    }

    private static List<Part> output(Fact.ResultAccepted result) {
        if (result.error() == null) {
            return result.output();
        }
        List<Part> output = new ArrayList<>(result.output());
        output.add(text(result.error()));
        return output;
    }

    private static Part text(String text) {
        return new Part.Text(text, Extras.NONE);
    }
}
