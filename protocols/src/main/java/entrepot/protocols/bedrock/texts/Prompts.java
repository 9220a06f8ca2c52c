package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads prompts. One without any marks is what a user says; one with marks of whatever form must be
 * of a form that its model knows, from end to end (R92).
 */
final class Prompts {

    /** What stands in prompts of some model, and in nothing that people write to one. */
    private static final Pattern TOKEN =
            Pattern.compile("<\\|[A-Za-z0-9_]+\\|>|\\[/?INST\\]|<</?SYS>>|<(start|end)_of_turn>");

    private static final Pattern ASKS = speaker("user|human");
    private static final Pattern ANSWERS = speaker("bot|chatbot|assistant|ai");

    private Prompts() {}

    private static Pattern speaker(String names) {
        return Pattern.compile(
                "^[ \\t]*(" + names + "):", Pattern.MULTILINE | Pattern.CASE_INSENSITIVE);
    }

    /**
     * Reads a prompt.
     *
     * @param forms those that the maker's models know
     * @throws entrepot.conversation.Failed {@code UNSUPPORTED} with the path
     */
    static List<Message> read(String prompt, String path, List<? extends Template> forms) {
        for (Template form : forms) {
            if (form.isIn(prompt)) {
                return form.read(prompt, path).stream().map(Turn::message).toList();
            }
        }
        if (prompt.isBlank()) {
            throw Template.unreadable(path, 0, "it is empty");
        }
        if (isMarked(prompt)) {
            throw Template.unreadable(path, 0, "it has marks of a form that is not this model's");
        }
        return List.of(Message.text(Role.USER, prompt));
    }

    /** Whether a text is a conversation in some form. */
    static boolean isMarked(String text) {
        return TOKEN.matcher(text).find()
                || (ASKS.matcher(text).find() && ANSWERS.matcher(text).find());
    }
}
