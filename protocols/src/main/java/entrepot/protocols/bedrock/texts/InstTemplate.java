package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Message.Role;
import entrepot.protocols.bedrock.texts.Rules.Systems;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a user says stands between {@code [INST]} and {@code [/INST]}, what the model says before
 * {@code </s>}: Mistral's form, and that of Llama 2, which has a place for instructions.
 *
 * @param instructed whether it is Llama 2's
 */
record InstTemplate(boolean instructed) implements Template {

    static final InstTemplate LLAMA_2 = new InstTemplate(true);
    static final InstTemplate MISTRAL = new InstTemplate(false);

    private static final String BEGIN = "<s>";
    private static final String CLOSED = "</s>";
    private static final String ASKED = "[INST]";
    private static final String ASKED_END = "[/INST]";
    private static final String SYSTEM = "<<SYS>>";
    private static final String SYSTEM_END = "<</SYS>>";
    private static final Pattern MARK =
            Pattern.compile("</?s>|\\[/?INST\\]|<</?SYS>>|\\[/?(?:AVAILABLE_)?TOOL[A-Z_]*\\]");

    @Override
    public Rules rules() {
        return new Rules(
                instructed ? Systems.FIRST : Systems.NOWHERE,
                true,
                true,
                true,
                InstTemplate::defused);
    }

    /** A mark with a blank in it is none. */
    private static String defused(String text) {
        return MARK.matcher(text)
                .replaceAll(mark -> {
                    String found = mark.group();
                    return Matcher.quoteReplacement(found.charAt(0) + " " + found.substring(1));
                });
    }

    @Override
    public boolean isIn(String prompt) {
        return prompt.contains(ASKED) || prompt.contains(ASKED_END) || prompt.contains(SYSTEM);
    }

    @Override
    public List<Turn> read(String prompt, String path) {
        var turns = new ArrayList<Turn>();
        int at = 0;
        while (true) {
            at = begun(prompt, at);
            if (!prompt.startsWith(ASKED, at)) {
                throw Template.unreadable(path, at, "a user's turn begins with " + ASKED);
            }
            int from = at + ASKED.length();
            int to = prompt.indexOf(ASKED_END, from);
            if (to < 0) {
                throw Template.unreadable(path, at, "a user's turn ends with " + ASKED_END);
            }
            asked(prompt.substring(from, to), from, turns, path);
            from = to + ASKED_END.length();
            Matcher marks = MARK.matcher(prompt);
            if (!marks.find(from)) {
                String begun = prompt.substring(from).strip();
                if (!begun.isEmpty()) {
                    turns.add(new Turn(Role.ASSISTANT, begun));
                }
                return turns;
            }
            if (!marks.group().equals(CLOSED)) {
                throw Template.unreadable(path, marks.start(), "an answer ends with " + CLOSED);
            }
            turns.add(said(Role.ASSISTANT, prompt.substring(from, marks.start()), path, from));
            at = marks.end();
        }
    }

    private static int begun(String prompt, int from) {
        int at = Template.skipBlanks(prompt, from);
        return prompt.startsWith(BEGIN, at) ? Template.skipBlanks(prompt, at + BEGIN.length()) : at;
    }

    private void asked(String asked, int at, List<Turn> turns, String path) {
        String text = asked;
        int head = Template.skipBlanks(asked, 0);
        int tail = asked.indexOf(SYSTEM_END);
        if (instructed && turns.isEmpty() && asked.startsWith(SYSTEM, head) && tail > 0) {
            String system = asked.substring(head + SYSTEM.length(), tail);
            turns.add(said(Role.SYSTEM, system, path, at));
            text = asked.substring(tail + SYSTEM_END.length());
        }
        turns.add(said(Role.USER, text, path, at));
    }

    private static Turn said(Role role, String text, String path, int at) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            throw Template.unreadable(path, at, "this turn is empty");
        }
        if (MARK.matcher(stripped).find()) {
            throw Template.unreadable(path, at, "this turn has a mark within");
        }
        return new Turn(role, stripped);
    }

    @Override
    public String write(List<Turn> turns) {
        var prompt = new StringBuilder(BEGIN);
        String system = "";
        boolean first = true;
        for (int i = 0; i < turns.size(); i++) {
            Turn turn = turns.get(i);
            switch (turn.role()) {
                case SYSTEM, DEVELOPER ->
                        system = SYSTEM + "\n" + turn.text() + "\n" + SYSTEM_END + "\n\n";
                case USER, TOOL -> {
                    prompt.append(first ? "" : instructed ? BEGIN : " ").append(ASKED).append(' ');
                    prompt.append(system).append(turn.text()).append(' ').append(ASKED_END);
                    system = "";
                    first = false;
                }
                case ASSISTANT ->
                        prompt.append(' ')
                                .append(turn.text())
                                .append(i == turns.size() - 1 ? "" : instructed ? " " : "")
                                .append(i == turns.size() - 1 ? "" : CLOSED);
            }
        }
        return prompt.toString();
    }
}
