package entrepot.knowledge.briefing;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/**
 * A question a briefing asks of its sources.
 *
 * @param cue what an answer must contain; null for a question of the reader's own, which is also
 *     answered with "not found"
 */
public record SubQuestion(String text, @Nullable Pattern cue) {

    static SubQuestion of(String text, String... cues) {
        return new SubQuestion(
                text,
                Pattern.compile("\\b(?:" + String.join("|", cues) + ")", Pattern.CASE_INSENSITIVE));
    }

    boolean asksReader() {
        return cue == null;
    }
}
