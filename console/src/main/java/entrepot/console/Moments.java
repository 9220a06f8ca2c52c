package entrepot.console;

import entrepot.conversation.Part;
import entrepot.conversation.Usage;
import entrepot.market.Receipt;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.session.Entry;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Facts in words: what happened, how long it took, what it cost and which gates were passed. */
final class Moments {

    private static final int MORE_CHARS_MAX = 240;

    private final long startMillis;
    private final Map<String, Receipt> receipts;

    /**
     * @param receipts by id
     */
    Moments(long startMillis, Map<String, Receipt> receipts) {
        this.startMillis = startMillis;
        this.receipts = receipts;
    }

    Moment of(Entry.Recorded entry) {
        Said said = say(entry.fact());
        return new Moment(
                said.tone(),
                Instant.ofEpochMilli(entry.atMillis()).toString(),
                Words.offset(entry.atMillis() - startMillis),
                said.title(),
                said.aside(),
                Words.clip(said.more().strip().replace("\n", " · "), MORE_CHARS_MAX),
                said.gates());
    }

    private Said say(Fact fact) {
        return switch (fact) {
            case Fact.SessionCreated it ->
                    new Said("", "Session created", "for " + it.agent().model());
            case Fact.SessionChanged it ->
                    new Said("", "Session changed", "for " + it.configuration().agent().model());
            case Fact.SessionForked it -> forked(it);
            case Fact.TurnStarted it -> new Said("", "Turn started", "").with(text(it.input()));
            case Fact.InputSteered it ->
                    new Said("", "Message during the turn", "").with(text(it.input()));
            case Fact.ModelCallStarted it ->
                    new Said("model", "Model asked", step(it.step(), it.attempt()));
            case Fact.ModelAnswered it -> answered(it);
            case Fact.ModelCallFailed it ->
                    new Said(
                                    "bad",
                                    "No answer",
                                    step(it.step(), it.attempt())
                                            + (it.willRetry() ? ", tries again" : ""))
                            .with(it.failure().message());
            case Fact.ToolStarted it -> new Said("tool", it.name(), "starts").with(it.arguments());
            case Fact.ToolReturned it ->
                    new Said(
                                    it.failed() ? "bad" : "tool",
                                    it.failed() ? "Tool failed" : "Tool returned",
                                    "after " + Words.millis(it.millis()))
                            .with(parts(it.output()));
            case Fact.ToolOutcomeUnknown it ->
                    new Said("bad", "Outcome unknown", it.callId()).with(it.reason());
            case Fact.ResultsAwaited it ->
                    new Said(
                            "wait",
                            "Waits for the application",
                            it.callIds().size() + " function results");
            case Fact.ResultAccepted it ->
                    new Said(it.failed() ? "bad" : "tool", "Result accepted", it.callId())
                            .with(parts(it.output()));
            case Fact.ApprovalAsked it ->
                    new Said("wait", "Waits for approval", it.server() + "/" + it.name())
                            .with(it.reason());
            case Fact.ApprovalAnswered it -> decided(it);
            case Fact.EnvironmentChanged it -> place(it);
            case Fact.EnvironmentReset it ->
                    new Said("bad", "Environment made anew", "for the " + it.count() + ". time");
            case Fact.OfSubagent it -> ofSubagent(it);
            case Fact.CancelAsked it -> new Said("wait", "Cancel asked for", "");
            case Fact.InputIgnored it -> new Said("wait", "Input ignored", "").with(it.reason());
            case Fact.TurnCompleted it -> new Said("good", "Turn completed", tokens(it.usage()));
            case Fact.TurnFailed it -> new Said("bad", "Turn failed", it.code()).with(it.message());
            case Fact.TurnCancelled it -> new Said("wait", "Turn cancelled", tokens(it.usage()));
            case Fact.Unknown it -> new Said("", it.type(), "a fact of a newer version");
        };
    }

    private static Said ofSubagent(Fact.OfSubagent fact) {
        return switch (fact) {
            case Fact.SubagentCreated it ->
                    new Said("tool", "Subagent made", it.subagentId())
                            .with(parts(it.input().parts()));
            case Fact.SubagentInputSent it ->
                    new Said("tool", "Subagent told", it.subagentId())
                            .with(parts(it.input().parts()));
            case Fact.SubagentInterrupted it ->
                    new Said("wait", "Subagent interrupted", it.subagentId());
            case Fact.SubagentClosed it -> new Said("", "Subagent closed", it.subagentId());
            case Fact.SubagentResumed it -> new Said("", "Subagent resumed", it.subagentId());
            case Fact.SubagentsAwaited it ->
                    new Said("wait", "Waits for subagents", it.subagentIds().size() + " of them");
            case Fact.SubagentReported it ->
                    new Said(
                                    switch (it.report().ending()) {
                                        case COMPLETED -> "good";
                                        case FAILED -> "bad";
                                        case CANCELLED -> "wait";
                                    },
                                    "Subagent "
                                            + it.report().ending().name().toLowerCase(Locale.ROOT),
                                    it.subagentId())
                            .with(parts(it.report().output()));
            case Fact.SubagentAsked it ->
                    new Said("wait", "Subagent waits for approval", it.question().name())
                            .with(it.question().reason());
            case Fact.SubagentAnswered it ->
                    new Said(
                            "",
                            "Subagent's question " + it.answer().name().toLowerCase(Locale.ROOT),
                            it.by().isEmpty() ? it.subagentId() : "by " + it.by());
        };
    }

    private static Said forked(Fact.SessionForked fact) {
        Fact.Ancestor from = fact.ancestor();
        return new Said(
                "",
                from.imported() ? "Session imported" : "Session forked",
                "from "
                        + from.sessionId()
                        + " at "
                        + from.seq()
                        + ", for "
                        + fact.configuration().agent().model());
    }

    private static Said place(Fact.EnvironmentChanged it) {
        String how = it.status().name().toLowerCase(Locale.ROOT);
        return new Said(it.code() == null ? "" : "bad", "Environment " + how, "")
                .with(it.message() == null ? "" : it.message());
    }

    private static Said decided(Fact.ApprovalAnswered it) {
        return new Said(
                        it.answer() == Fact.Answer.APPROVED ? "good" : "bad",
                        switch (it.answer()) {
                            case APPROVED -> "Approved";
                            case DENIED -> "Denied";
                            case LAPSED -> "Approval lapsed";
                        },
                        it.by().isEmpty() ? "" : "by " + it.by())
                .with(it.note() == null ? "" : it.note());
    }

    private Said answered(Fact.ModelAnswered fact) {
        long calls = fact.items().stream().filter(i -> i.part() instanceof Part.ToolCall).count();
        String what = calls == 0 ? "Model answered" : "Model asks for " + calls + " tool uses";
        Receipt receipt = receipts.get(fact.receiptId());
        String cost = receipt == null ? "" : " · " + Words.cost(receipt.cost());
        return new Said(
                "model",
                calls == 1 ? "Model asks for a tool" : what,
                tokens(fact.usage()) + cost,
                "",
                receipt == null ? List.of() : receipt.verdicts());
    }

    private static String step(int step, int attempt) {
        return "step " + step + (attempt > 1 ? ", attempt " + attempt : "");
    }

    private static String tokens(Usage usage) {
        return Words.count(usage.inputTokens())
                + " → "
                + Words.count(usage.outputTokens())
                + " tokens";
    }

    private static String text(List<Fact.UserItem> items) {
        return String.join(" ", items.stream().map(item -> parts(item.parts())).toList());
    }

    static String parts(List<Part> parts) {
        return String.join("\n", parts.stream().map(Moments::part).toList());
    }

    private static String part(Part part) {
        return switch (part) {
            case Part.Text it -> it.text();
            case Part.Refusal it -> it.text();
            case Part.Reasoning it -> it.text();
            case Part.Image it -> "[image]";
            case Part.File it -> "[file]";
            case Part.Audio it -> "[audio]";
            case Part.CachePoint it -> "";
            case Part.ToolCall it -> it.name() + " " + it.arguments();
            case Part.ToolResult it -> parts(it.content());
            case Part.Unknown it -> "[a part of " + it.dialect() + "]";
        };
    }

    private record Said(
            String tone, String title, String aside, String more, List<Receipt.Verdict> gates) {

        Said(String tone, String title, String aside) {
            this(tone, title, aside, "", List.of());
        }

        Said with(String words) {
            return new Said(tone, title, aside, words, gates);
        }
    }
}
