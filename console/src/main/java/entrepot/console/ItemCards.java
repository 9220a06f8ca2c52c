package entrepot.console;

import entrepot.runtime.session.View;

import java.util.Locale;

/** Items of a conversation as cards. */
final class ItemCards {

    private static final int PLAIN_CHARS_MAX = 20_000;

    private ItemCards() {}

    static ItemCard of(View.Item item) {
        return switch (item) {
            case View.Item.UserMessage it ->
                    new ItemCard("user", "User", "", false, "", Moments.parts(it.parts()), "");
            case View.Item.AssistantMessage it ->
                    new ItemCard(
                            "agent",
                            "Agent",
                            note(it),
                            false,
                            "",
                            "",
                            Markdown.html(Moments.parts(it.parts())));
            case View.Item.Reasoning it ->
                    folded("agent", "Agent", "thought", "Reasoning", it.text());
            case View.Item.FunctionCall it ->
                    folded(
                            "tool",
                            it.name(),
                            beside("in the application", note(it)),
                            "Arguments",
                            it.arguments());
            case View.Item.FunctionCallOutput it ->
                    folded(
                            "tool",
                            "Result",
                            it.error() == null ? note(it) : it.error(),
                            "Output",
                            Moments.parts(it.output()));
            case View.Item.ApprovalRequest it ->
                    folded(
                            "tool",
                            it.approval().tool(),
                            beside("needs approval: " + it.approval().reason(), note(it)),
                            "Arguments",
                            it.arguments());
            case View.Item.AgentMessage it ->
                    new ItemCard(
                            "agent",
                            "Subagent",
                            it.senderId(),
                            false,
                            "",
                            "",
                            Markdown.html(Moments.parts(it.parts())));
            case View.Item.SubagentCall it -> subagentCall(it);
            case View.Item.Command it -> command(it);
            case View.Item.ToolUse it -> toolUse(it);
        };
    }

    private static ItemCard command(View.Item.Command it) {
        return folded(
                "tool",
                "Command",
                beside(it.exitCode() == null ? "" : "exit code " + it.exitCode(), note(it)),
                Words.clip(it.command(), 120),
                it.output() == null ? "" : it.output());
    }

    private static ItemCard toolUse(View.Item.ToolUse item) {
        String out = item.error() != null ? item.error() : item.output();
        return folded(
                "tool",
                item.name(),
                beside(item.server(), note(item)),
                Words.clip(item.arguments(), 120),
                out == null ? "" : out);
    }

    private static ItemCard subagentCall(View.Item.SubagentCall item) {
        String out = item.error() != null ? item.error() : item.output();
        return folded(
                "tool",
                item.tool().toolName().replace('_', ' '),
                note(item),
                Words.clip(item.arguments(), 120),
                out == null ? "" : out);
    }

    private static ItemCard folded(
            String kind, String who, String note, String summary, String plain) {
        String shown =
                plain.length() <= PLAIN_CHARS_MAX
                        ? plain
                        : plain.substring(0, PLAIN_CHARS_MAX) + "\n… cut for the page";
        return new ItemCard(
                kind, who, note, true, summary.isBlank() ? "Details" : summary, shown, "");
    }

    private static String beside(String where, String note) {
        return note.isEmpty() ? where : where + " · " + note;
    }

    private static String note(View.Item item) {
        return switch (item.status()) {
            case COMPLETED -> "";
            case IN_PROGRESS, FAILED, INCOMPLETE ->
                    item.status().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }
}
