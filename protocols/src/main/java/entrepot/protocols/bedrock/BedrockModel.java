package entrepot.protocols.bedrock;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model's id or address (ARN) tells about the model: {@code
 * us.anthropic.claude-sonnet-4-5-20250929-v1:0}. An application's own inference profile tells
 * nothing.
 */
public record BedrockModel(Maker maker, Thinking thinking) {

    private static final Pattern CLAUDE =
            Pattern.compile("claude-(?:[a-z]+-)?([0-9]{1,2})(?:-([0-9]{1,2})(?![0-9]))?(?![0-9])");

    /** Claude takes an effort from this version on, as tenths: 4.6. */
    private static final int EFFORT_SINCE = 46;

    /** Claude thinks since this version, as tenths: 3.7. */
    private static final int THINKING_SINCE = 37;

    /** Those whose models differ in what Bedrock takes for them. */
    public enum Maker {
        ANTHROPIC,
        NOVA,
        GPT_OSS,
        TITAN,
        META,
        MISTRAL,
        COHERE,
        AI21,
        OTHER,
        /** The id does not tell. */
        UNKNOWN
    }

    /** How a Claude model is told to think. */
    public enum Thinking {
        NONE,
        BUDGET,
        EFFORT
    }

    public static BedrockModel of(String id) {
        String name = id.substring(id.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        Maker maker = maker(name);
        return new BedrockModel(maker, maker == Maker.ANTHROPIC ? thinking(name) : Thinking.NONE);
    }

    private static Maker maker(String name) {
        if (name.contains("anthropic.")) {
            return Maker.ANTHROPIC;
        }
        if (name.contains("amazon.nova")) {
            return Maker.NOVA;
        }
        if (name.contains("amazon.titan")) {
            return Maker.TITAN;
        }
        if (name.contains("openai.gpt-oss")) {
            return Maker.GPT_OSS;
        }
        if (name.contains("meta.")) {
            return Maker.META;
        }
        if (name.contains("mistral.")) {
            return Maker.MISTRAL;
        }
        if (name.contains("cohere.")) {
            return Maker.COHERE;
        }
        if (name.contains("ai21.")) {
            return Maker.AI21;
        }
        return name.contains(".") ? Maker.OTHER : Maker.UNKNOWN;
    }

    private static Thinking thinking(String name) {
        Matcher version = CLAUDE.matcher(name);
        if (!version.find()) {
            return Thinking.NONE;
        }
        int minor = version.group(2) == null ? 0 : Integer.parseInt(version.group(2));
        int tenths = Integer.parseInt(version.group(1)) * 10 + Math.min(minor, 9);
        if (tenths >= EFFORT_SINCE) {
            return Thinking.EFFORT;
        }
        return tenths >= THINKING_SINCE ? Thinking.BUDGET : Thinking.NONE;
    }

    /** Whether the model takes cache marks; asked of one that may. */
    public boolean caches() {
        return maker == Maker.ANTHROPIC || maker == Maker.NOVA || maker == Maker.UNKNOWN;
    }

    /** Whether a cache mark may say how long. */
    public boolean cachesFor(String ttl) {
        return switch (maker) {
            case ANTHROPIC, UNKNOWN -> ttl.equals("5m") || ttl.equals("1h");
            case NOVA -> ttl.equals("5m");
            case GPT_OSS, TITAN, META, MISTRAL, COHERE, AI21, OTHER -> false;
        };
    }
}
