package entrepot.conversation;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/**
 * One speaker's turn.
 *
 * @param name the participant's name where a dialect has one, else null
 */
public record Message(Role role, List<Part> parts, @Nullable String name, Extras extras) {

    public Message {
        Objects.requireNonNull(role, "role");
        parts = List.copyOf(parts);
    }

    public static Message of(Role role, Part... parts) {
        return new Message(role, List.of(parts), null, Extras.NONE);
    }

    public static Message text(Role role, String text) {
        return of(role, new Part.Text(text, Extras.NONE));
    }

    /** The text parts joined, without a separator. */
    public String text() {
        var joined = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Text text) {
                joined.append(text.text());
            }
        }
        return joined.toString();
    }

    /** Who speaks. Tool results are spoken by {@code TOOL}. */
    public enum Role {
        SYSTEM,
        DEVELOPER,
        USER,
        ASSISTANT,
        TOOL
    }
}
