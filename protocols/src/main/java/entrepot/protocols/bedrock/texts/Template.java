package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;

import java.util.List;

/** A form in which one text holds a conversation. */
interface Template {

    Rules rules();

    /** Whether a prompt has marks of this form. */
    boolean isIn(String prompt);

    /**
     * Reads a prompt that has marks of this form.
     *
     * @param path of the prompt in its body
     * @throws Failed {@code UNSUPPORTED} with the path, for all that is not wholly of this form
     */
    List<Turn> read(String prompt, String path);

    /** Writes turns that fit the rules. */
    String write(List<Turn> turns);

    /**
     * The failure of a prompt.
     *
     * @param at the letter where it cannot be read further
     */
    static Failed unreadable(String path, int at, String why) {
        String message =
                ("'%s' cannot be read as a conversation from letter %d on: %s. As it is it goes to"
                                + " Bedrock only.")
                        .formatted(path, at, why);
        return new Failed(
                new Failure(Cause.UNSUPPORTED, message, path, "invalid_prompt", null, null, null));
    }

    static int skipBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }
}
