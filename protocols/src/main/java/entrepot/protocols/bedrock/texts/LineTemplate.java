package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Message.Role;
import entrepot.protocols.bedrock.texts.Rules.Systems;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Each turn on lines of its own, the first of which begins with the speaker; instructions before
 * all turns; the last line is the model's, and open. So Titan wants conversations ({@code User:
 * …\nBot:}), and Command can be told them.
 *
 * @param mark finds the speakers
 */
record LineTemplate(String user, String assistant, Pattern mark) implements Template {

    static final LineTemplate TITAN = of("User", "Bot");
    static final LineTemplate COHERE = of("User", "Chatbot");

    private static LineTemplate of(String user, String assistant) {
        String names = user + "|" + assistant;
        return new LineTemplate(
                user, assistant, Pattern.compile("^[ \\t]*(" + names + "):", Pattern.MULTILINE));
    }

    @Override
    public Rules rules() {
        return new Rules(
                Systems.FIRST,
                false,
                true,
                true,
                text -> mark.matcher(text).replaceAll(found -> found.group(1) + " :"));
    }

    @Override
    public boolean isIn(String prompt) {
        return mark.matcher(prompt).find();
    }

    @Override
    public List<Turn> read(String prompt, String path) {
        var turns = new ArrayList<Turn>();
        Matcher marks = mark.matcher(prompt);
        boolean more = marks.find();
        String before = prompt.substring(0, more ? marks.start() : prompt.length()).strip();
        if (!before.isEmpty()) {
            turns.add(new Turn(Role.SYSTEM, before));
        }
        while (more) {
            int at = marks.start();
            boolean asked = marks.group(1).equals(user);
            int from = marks.end();
            more = marks.find();
            String text = prompt.substring(from, more ? marks.start() : prompt.length()).strip();
            if (!more && asked) {
                throw Template.unreadable(
                        path, at, "the last turn is the model's: end with '" + assistant + ":'");
            }
            if (more && text.isEmpty()) {
                throw Template.unreadable(path, at, "this turn is empty");
            }
            if (!asked && turns.stream().noneMatch(turn -> turn.role() == Role.USER)) {
                throw Template.unreadable(path, at, "the first turn is the user's");
            }
            if (!text.isEmpty()) {
                turns.add(new Turn(asked ? Role.USER : Role.ASSISTANT, text));
            }
        }
        return turns;
    }

    @Override
    public String write(List<Turn> turns) {
        var prompt = new StringBuilder();
        for (Turn turn : turns) {
            switch (turn.role()) {
                case SYSTEM, DEVELOPER -> prompt.append(turn.text()).append("\n\n");
                case USER, TOOL -> line(prompt, user, turn);
                case ASSISTANT -> line(prompt, assistant, turn);
            }
        }
        if (turns.getLast().role() == Role.ASSISTANT) {
            return prompt.substring(0, prompt.length() - 1);
        }
        return prompt.append(assistant).append(':').toString();
    }

    private static void line(StringBuilder prompt, String speaker, Turn turn) {
        prompt.append(speaker).append(": ").append(turn.text()).append('\n');
    }
}
