package entrepot.runtime.webhooks;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** What is told of. */
public enum EventType {
    CREATED,
    IN_PROGRESS,
    ACTION_REQUIRED,
    IDLE,
    FAILED;

    /** Such as {@code agent.session.idle}. */
    public String word() {
        return "agent.session." + name().toLowerCase(Locale.ROOT);
    }

    /** Null for another. */
    public static @Nullable EventType of(String word) {
        for (EventType type : values()) {
            if (type.word().equals(word)) {
                return type;
            }
        }
        return null;
    }
}
