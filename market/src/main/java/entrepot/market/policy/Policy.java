package entrepot.market.policy;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * One policy of a snapshot.
 *
 * @param id its {@code @id}, or its place
 * @param permits whether it permits; it forbids otherwise
 * @param about what it speaks of
 * @param mode whether it decides, or is only logged
 * @param file within the folder
 * @param line from 1
 * @param remedy its {@code @remedy}: what would change its no, for callers; null when it says none
 */
public record Policy(
        String id,
        boolean permits,
        About about,
        Mode mode,
        String file,
        int line,
        @Nullable String remedy) {

    /** What a policy speaks of: of tools when its head names {@code use_tool}. */
    public enum About {
        CALLS,
        TOOLS,
        BOTH;

        boolean calls() {
            return this != TOOLS;
        }

        boolean tools() {
            return this != CALLS;
        }
    }

    /** Whether a policy decides. */
    public enum Mode {
        ENFORCE,
        /** What it would have refused is counted and told, but passes. */
        LOG,
        /** What it forbids may be done when somebody approves it; of tools only. */
        ASK;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** For people, such as {@code policy night-rest (main.cedar:7)}. */
    String place() {
        return "policy " + id + " (" + file + ":" + line + ")";
    }
}
