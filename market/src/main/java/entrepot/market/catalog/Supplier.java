package entrepot.market.catalog;

import entrepot.http.Clocks;
import entrepot.http.Headers;
import entrepot.identity.Secret;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** One configured account on a channel. */
public sealed interface Supplier {

    String id();

    /** How many calls may be under way there at once. */
    int callsMax();

    /** What a call to it is made with, in order of preference; at least one. */
    List<Credential> credentials();

    /** By which channel it sells, as contracts and policies speak of it. */
    Channel channel();

    /**
     * A way to market.
     *
     * @param name such as {@code azure} or {@code bedrock}; several accounts may be on one
     * @param firstParty whether the models' vendor itself sells there; null: when the channel is
     *     called like the vendor
     * @param region where calls are worked on, in the channel's own words; null when not known
     * @param territory the country or union of that region, such as {@code US} or {@code EU}; null
     *     when not known
     * @param processor who processes the content; null when not known
     * @param collects whether content may be kept for training or review
     * @param zeroRetention whether nothing at all is kept
     */
    record Channel(
            String name,
            @Nullable Boolean firstParty,
            @Nullable String region,
            @Nullable String territory,
            @Nullable String processor,
            boolean collects,
            boolean zeroRetention) {

        /** A channel of which only the name is known: it may keep what it is told. */
        public static Channel of(String name) {
            return new Channel(name, null, null, null, null, true, false);
        }

        /** Whether the vendor of a model itself sells here. */
        public boolean firstParty(String vendor) {
            return firstParty == null ? name.equals(vendor) : firstParty;
        }
    }

    /**
     * An account that is called over HTTP.
     *
     * @param baseUrl without a slash at the end, such as {@code https://api.openai.com/v1}
     * @param headers sent with every call, beside the key
     */
    record Remote(
            String id,
            URI baseUrl,
            List<Credential> credentials,
            Headers headers,
            Clocks clocks,
            int callsMax,
            Api api,
            Channel channel,
            Options options)
            implements Supplier {

        /** An account without options. */
        public Remote(
                String id,
                URI baseUrl,
                List<Credential> credentials,
                Headers headers,
                Clocks clocks,
                int callsMax,
                Api api,
                Channel channel) {
            this(
                    id,
                    baseUrl,
                    credentials,
                    headers,
                    clocks,
                    callsMax,
                    api,
                    channel,
                    Options.DEFAULT);
        }

        public Remote {
            Objects.requireNonNull(baseUrl, "baseUrl");
            credentials = credentials.isEmpty() ? Credential.ALONE : List.copyOf(credentials);
        }
    }

    /**
     * What may be said of any account.
     *
     * @param priceChannel of the public price list; null for the one that sells at the address
     * @param priceRegion in which it is billed; null for the channel's region
     * @param onCancel what becomes of a stream whose caller has left
     * @param drainsMax streams that are read on at once although nobody waits for them
     * @param reserved units of throughput that are paid for there
     * @param spill what becomes of orders when they are full
     */
    record Options(
            @Nullable String priceChannel,
            @Nullable String priceRegion,
            OnCancel onCancel,
            int drainsMax,
            List<Reservation> reserved,
            Reservation.Spill spill) {

        public static final Options DEFAULT = new Options(null, null, OnCancel.ABORT, 16);

        /** An account without reserved units. */
        public Options(
                @Nullable String priceChannel,
                @Nullable String priceRegion,
                OnCancel onCancel,
                int drainsMax) {
            this(priceChannel, priceRegion, onCancel, drainsMax, List.of(), Reservation.Spill.NEXT);
        }

        public Options {
            reserved = List.copyOf(reserved);
        }
    }

    /** What becomes of a stream whose caller has left. */
    enum OnCancel {
        /** It is broken off, and its usage estimated: suppliers tell it at the end only. */
        ABORT,
        /** It is read to its end, within limits, so that its usage is the supplier's own. */
        DRAIN
    }

    /** OpenAI's two interfaces for conversations. */
    enum OpenAiApi {
        CHAT,
        RESPONSES
    }

    /** What a remote account speaks, and what only that kind must be told. */
    sealed interface Api {

        /**
         * Any server that speaks like OpenAI's.
         *
         * @param apis what it speaks, the preferred one first; at least one
         */
        record OpenAiCompatible(List<OpenAiApi> apis) implements Api {

            public OpenAiCompatible {
                apis = List.copyOf(apis);
            }
        }

        /**
         * An Azure resource with OpenAI's models; the base is its endpoint, without a path.
         *
         * @param apiVersion null for the interface without versions, {@code /openai/v1}, which also
         *     knows {@code preview}; a date for that of deployments
         * @param bearer whether the key is a token of Entra ID and not the resource's own key
         * @param apis what it speaks, the preferred one first; at least one
         */
        record Azure(@Nullable String apiVersion, boolean bearer, List<OpenAiApi> apis)
                implements Api {

            public Azure {
                apis = List.copyOf(apis);
            }

            /** Whether each call's address names its deployment. */
            public boolean dated() {
                return apiVersion != null && Character.isDigit(apiVersion.charAt(0));
            }
        }

        /**
         * Anthropic, or a server that speaks its Messages API.
         *
         * @param bearer whether the key goes out as a bearer token, not as {@code x-api-key}
         * @param betas the features that may be asked for there with {@code anthropic-beta}
         */
        record Anthropic(boolean bearer, Set<String> betas) implements Api {

            public Anthropic {
                betas = Set.copyOf(betas);
            }
        }

        /**
         * Amazon Bedrock Runtime.
         *
         * @param region such as {@code us-east-1}, which signatures are good for
         * @param invoke whether InvokeModel is preferred to Converse
         */
        record Bedrock(String region, boolean invoke) implements Api {}

        /** Google's developer interface to Gemini, or a server that speaks like it. */
        record Gemini() implements Api {}

        /**
         * Google's Vertex. The key is a token of a service account; it is short-lived, so that a
         * file that something renews is the place for it.
         */
        record Vertex(String project, String location) implements Api {}
    }

    /** The models that run in this process. */
    record BuiltIn(String id, int callsMax) implements Supplier {

        private static final Channel HERE =
                new Channel("entrepot", true, null, null, "this process", false, true);

        @Override
        public Channel channel() {
            return HERE;
        }

        @Override
        public List<Credential> credentials() {
            return Credential.ALONE;
        }
    }

    /**
     * A key of ours at a supplier.
     *
     * @param source where it was found, such as {@code OPENAI_API_KEY}; may be shown
     * @param secret null where the supplier wants none
     * @param signing not null where calls are signed with the secret instead of showing it
     */
    record Credential(String source, @Nullable Secret secret, @Nullable Signing signing) {

        static final List<Credential> ALONE = List.of(new Credential("no key", null));

        /** A key that is shown with every call. */
        public Credential(String source, @Nullable Secret secret) {
            this(source, secret, null);
        }
    }

    /**
     * What goes with a secret that calls are signed with.
     *
     * @param accessKeyId may be shown
     * @param sessionToken with temporary credentials only
     */
    record Signing(String accessKeyId, @Nullable Secret sessionToken) {}
}
