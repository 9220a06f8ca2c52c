package entrepot.runtime.tools;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.conversation.Tool;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Consumer;

/** Something that offers tools and runs them. Used by many threads at once. */
public interface ToolServer {

    /**
     * What it offers now. May ask a server elsewhere, so it may take time; what has not changed is
     * remembered.
     */
    List<Offer> offers() throws ToolServerUnavailable, InterruptedException;

    /**
     * Uses a tool. What goes wrong is said in the result: the model is to read it.
     *
     * @throws InterruptedException when the result is not wanted any more
     */
    Result use(Use use) throws InterruptedException;

    /**
     * The same, told as it goes.
     *
     * @param told gets what a reader may see before the end, from any thread; it never blocks
     */
    default Result use(Use use, Consumer<String> told) throws InterruptedException {
        return use(use);
    }

    /** How long a use may take, in ms; 0 for as long as any tool's. */
    default long useMillisMax() {
        return 0;
    }

    /** A tool and what using it does to the world. */
    record Offer(Tool.Function tool, Effect effect) {}

    /** What may be done after a crash, when nobody knows whether the tool has run. */
    enum Effect {
        /** Changes nothing: it may run again. */
        READ,
        /** Honours the idempotency key: it may run again under the same key. */
        KEYED,
        /** May change something: it must not run again. */
        ONCE
    }

    /**
     * @param turnId empty outside of a turn, and so is {@code callId}
     * @param name as offered
     * @param arguments as the model wrote them
     * @param key idempotency key: the same for each try of one call, different for each call
     */
    record Use(
            String tenant,
            String sessionId,
            String turnId,
            String callId,
            String name,
            String arguments,
            String key) {

        /** A use outside of a turn. */
        public Use(String tenant, String sessionId, String name, String arguments, String key) {
            this(tenant, sessionId, "", "", name, arguments, key);
        }
    }

    /**
     * @param exitCode of a command that ended; null for everything else
     */
    record Result(List<Part> output, boolean failed, @Nullable Integer exitCode) {
        public Result {
            output = List.copyOf(output);
        }

        public Result(List<Part> output, boolean failed) {
            this(output, failed, null);
        }

        public static Result text(String text) {
            return new Result(List.of(new Part.Text(text, Extras.NONE)), false);
        }

        /** A failure in words for the model: what is wrong and what would fix it. */
        public static Result failure(String why) {
            return new Result(List.of(new Part.Text(why, Extras.NONE)), true);
        }
    }
}
