package entrepot.market;

import entrepot.conversation.Request;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.image.ImageRequest;
import entrepot.http.Headers;
import entrepot.identity.Caller;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * One request for a model by a principal.
 *
 * @param id {@code ord_…}
 * @param model as asked for: an alias or a canonical id
 * @param storefront where it came in, such as {@code openai.chat} or {@code agents}
 * @param deadline when an answer is of no use any more
 * @param goods what is asked for
 * @param verbatim the caller's own bytes, when they may be passed on; else null
 * @param work the session and turn it is bought for, when it is
 * @param losses what the caller allows to be lost in translation
 * @param wishes where the caller would have it go
 * @param purpose what it is for, as policies and budgets ask
 */
public record Order(
        String id,
        Caller caller,
        String model,
        ApiKind api,
        String storefront,
        Instant deadline,
        Goods goods,
        @Nullable Verbatim verbatim,
        @Nullable Work work,
        Losses losses,
        Wishes wishes,
        Purpose purpose) {

    /** The storefront of what agents' turns buy. */
    public static final String AGENTS = "agents";

    /** For the next answer of a conversation, without wishes, for no purpose in particular. */
    public Order(
            String id,
            Caller caller,
            String model,
            ApiKind api,
            String storefront,
            Instant deadline,
            Supplier<Request> request,
            @Nullable Verbatim verbatim,
            @Nullable Work work,
            Losses losses) {
        this(
                id,
                caller,
                model,
                api,
                storefront,
                deadline,
                new Goods.Conversation(request),
                verbatim,
                work,
                losses,
                Wishes.NONE,
                Purpose.NONE);
    }

    /**
     * The request of an order for a conversation.
     *
     * @throws IllegalStateException when it is for something else
     */
    public Supplier<Request> request() {
        if (goods instanceof Goods.Conversation conversation) {
            return conversation.request();
        }
        throw new IllegalStateException("order " + id + " is for no conversation");
    }

    /**
     * What an order asks for. Requests in canonical words are read only when the chosen supplier
     * does not speak the counter's own dialect; reading may throw {@code Failed}.
     */
    public sealed interface Goods {

        /** The next answer of a conversation. Its request is asked for at most once. */
        record Conversation(Supplier<Request> request) implements Goods {}

        /** Vectors. */
        record Embedding(Supplier<EmbeddingRequest> request) implements Goods {}

        /** How many tokens a conversation would be, without its next answer. */
        record Count(Supplier<Request> request) implements Goods {}

        /** Pictures. */
        record Pictures(Supplier<ImageRequest> request) implements Goods {}
    }

    /** What kind of channel an order needs; contracts speak of it. */
    public enum ApiKind {
        STATELESS,
        STATEFUL,
        PLATFORM
    }

    /**
     * A body that was validated whole and can be sent on with only its model changed.
     *
     * @param dialect such as {@code openai.chat}
     * @param stream whether it asks for a stream
     * @param usageAsked whether the caller asked for the usage of a stream
     * @param headers of the dialect's own that the caller sent, such as {@code anthropic-beta}; a
     *     supplier's own list decides which of them go on. Never a credential
     * @param answers how many answers it asks for; each is paid for
     */
    public record Verbatim(
            String dialect,
            boolean stream,
            boolean usageAsked,
            Splice splice,
            Headers headers,
            int answers) {

        public Verbatim(
                String dialect,
                boolean stream,
                boolean usageAsked,
                Splice splice,
                Headers headers) {
            this(dialect, stream, usageAsked, splice, headers, 1);
        }

        public Verbatim(String dialect, boolean stream, boolean usageAsked, Splice splice) {
            this(dialect, stream, usageAsked, splice, Headers.NONE);
        }
    }

    /** What becomes of what a supplier's dialect cannot carry. Hints are dropped and named. */
    public enum Losses {
        /** An order that would lose meaning is refused. */
        REFUSE,
        /** The caller takes the answer all the same; what was lost is named. */
        REPORT
    }

    /** The caller's bytes with another model in them. */
    @FunctionalInterface
    public interface Splice {

        /**
         * @param model the supplier's own name for the model
         * @param askUsage whether the supplier must be asked for the usage of a stream
         */
        byte[] with(String model, boolean askUsage);
    }

    /**
     * What an order is for.
     *
     * @param project that it is booked on; null when none was named
     * @param dataClass how sensitive its content is, such as {@code public} or {@code personal};
     *     null when the caller did not say
     */
    public record Purpose(@Nullable String project, @Nullable String dataClass) {

        public static final Purpose NONE = new Purpose(null, null);
    }

    /**
     * The agent's work an order belongs to.
     *
     * @param rootId the session at the top of the tree of sessions; its own id when nobody made it
     * @param budget what the tree may spend; null where it never had a budget of its own
     */
    public record Work(
            String sessionId, String rootId, String turnId, int attempt, @Nullable Budget budget) {

        /** Of a tree without a budget of its own. */
        public Work(String sessionId, String rootId, String turnId, int attempt) {
            this(sessionId, rootId, turnId, attempt, null);
        }

        /** Of a session that no other session made. */
        public Work(String sessionId, String turnId, int attempt) {
            this(sessionId, sessionId, turnId, attempt);
        }

        /** The same in a tree that has, or had, a budget. */
        public Work with(@Nullable Budget now) {
            return new Work(sessionId, rootId, turnId, attempt, now);
        }
    }

    /**
     * The budget of a tree, as it is to be known where the order is filled.
     *
     * @param hard whether there is one; without it, such an order may not be filled
     * @param amount null where it is not known here
     */
    public record Budget(boolean hard, @Nullable BigDecimal amount) {}
}
