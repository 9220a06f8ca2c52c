package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Message.Role;
import entrepot.protocols.bedrock.texts.Rules.Systems;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Meta's form since Llama 3: each turn under a header with its speaker, and closed by a mark
 * (llama.com, model cards and prompt formats).
 *
 * @param start before a speaker
 * @param end after a speaker
 * @param closed after a turn
 */
record HeaderTemplate(String start, String end, String closed) implements Template {

    static final HeaderTemplate LLAMA_3 =
            new HeaderTemplate("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>");
    static final HeaderTemplate LLAMA_4 =
            new HeaderTemplate("<|header_start|>", "<|header_end|>", "<|eot|>");

    private static final String BEGIN = "<|begin_of_text|>";
    private static final Pattern MARK = Pattern.compile("<\\|[A-Za-z0-9_]+\\|>");
    private static final Rules RULES =
            new Rules(
                    Systems.ANYWHERE,
                    false,
                    true,
                    true,
                    text -> MARK.matcher(text).find() ? text.replace("<|", "< |") : text);

    @Override
    public Rules rules() {
        return RULES;
    }

    @Override
    public boolean isIn(String prompt) {
        return prompt.contains(start);
    }

    @Override
    public List<Turn> read(String prompt, String path) {
        var turns = new ArrayList<Turn>();
        Matcher marks = MARK.matcher(prompt);
        int at = Template.skipBlanks(prompt, 0);
        if (prompt.startsWith(BEGIN, at)) {
            at = Template.skipBlanks(prompt, at + BEGIN.length());
        }
        while (at < prompt.length()) {
            int named = prompt.startsWith(start, at) ? prompt.indexOf(end, at) : -1;
            if (named < 0) {
                throw Template.unreadable(path, at, "a turn begins with " + start + "…" + end);
            }
            Role role = role(prompt.substring(at + start.length(), named).strip(), path, at);
            int from = named + end.length();
            if (!marks.find(from)) {
                return open(turns, role, prompt.substring(from).strip(), path, at);
            }
            if (!marks.group().equals(closed)) {
                throw Template.unreadable(path, marks.start(), "a turn ends with " + closed);
            }
            String text = prompt.substring(from, marks.start()).strip();
            if (text.isEmpty()) {
                throw Template.unreadable(path, from, "this turn is empty");
            }
            turns.add(new Turn(role, text));
            at = Template.skipBlanks(prompt, marks.end());
        }
        if (turns.isEmpty() || turns.getLast().role() == Role.ASSISTANT) {
            throw Template.unreadable(path, at, "there is nothing left to answer");
        }
        return turns;
    }

    /** The turn that the model is to say, or to go on with. */
    private static List<Turn> open(List<Turn> turns, Role role, String begun, String path, int at) {
        if (role != Role.ASSISTANT) {
            throw Template.unreadable(path, at, "only the assistant's last turn may be open");
        }
        if (turns.isEmpty()) {
            throw Template.unreadable(path, at, "nobody has said anything before");
        }
        if (!begun.isEmpty()) {
            turns.add(new Turn(role, begun));
        }
        return turns;
    }

    private static Role role(String name, String path, int at) {
        return switch (name) {
            case "system" -> Role.SYSTEM;
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            default ->
                    throw Template.unreadable(path, at, "a speaker is system, user or assistant");
        };
    }

    @Override
    public String write(List<Turn> turns) {
        var prompt = new StringBuilder(BEGIN);
        boolean begun = turns.getLast().role() == Role.ASSISTANT;
        for (int i = 0; i < turns.size(); i++) {
            Turn turn = turns.get(i);
            String name =
                    switch (turn.role()) {
                        case SYSTEM, DEVELOPER -> "system";
                        case USER, TOOL -> "user";
                        case ASSISTANT -> "assistant";
                    };
            prompt.append(start).append(name).append(end).append("\n\n").append(turn.text());
            if (i < turns.size() - 1 || !begun) {
                prompt.append(closed);
            }
        }
        if (!begun) {
            prompt.append(start).append("assistant").append(end).append("\n\n");
        }
        return prompt.toString();
    }
}
