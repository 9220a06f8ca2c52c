package entrepot.market.metering;

import entrepot.conversation.Message;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.Tool;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.EmbeddingRequest.Input;

import java.util.List;

/**
 * How many tokens a model may count at most in what it reads, by one rule for all vocabularies:
 *
 * <ul>
 *   <li>letters a to z and blanks: half a token each, rounded up once in each text;
 *   <li>in a run of more than {@value #WORD_LETTERS_MAX} letters, digits and {@code + / _ -} (no
 *       word, but base64 or a hash): a token each;
 *   <li>other ASCII characters: a token each;
 *   <li>everything else: a token for each byte of its UTF-8, since vocabularies fall back to bytes;
 *   <li>wrapping: {@value #PER_MESSAGE} tokens a message, {@value #PER_TOOL} a tool, and {@value
 *       #TOOLS} for having tools at all;
 *   <li>an image: {@value #PER_IMAGE} tokens; a file or sound: a token for each byte.
 * </ul>
 *
 * <p>Prose comes out at about twice what is billed, and is never below it in vocabularies of today.
 * Whoever holds by it caps it at the model's context.
 */
public final class TokenBound {

    /** Longer than any word that is not generated. */
    static final int WORD_LETTERS_MAX = 32;

    static final long PER_MESSAGE = 8;
    static final long PER_TOOL = 32;

    /** What a vendor says to its model about tools. */
    static final long TOOLS = 600;

    /** More than any vendor states for its largest picture. */
    static final long PER_IMAGE = 6_000;

    private TokenBound() {}

    public static long of(Request request) {
        long tokens = PER_MESSAGE;
        for (Message message : request.messages()) {
            tokens += PER_MESSAGE + of(message.parts());
        }
        if (!request.tools().isEmpty()) {
            tokens += TOOLS;
        }
        for (Tool tool : request.tools()) {
            tokens += PER_TOOL;
            if (tool instanceof Tool.Function function) {
                String description = function.description();
                tokens += of(function.name());
                tokens += description == null ? 0 : of(description);
                tokens += function.parameters() == null ? 0 : of(function.parameters().toString());
            }
        }
        return tokens;
    }

    public static long of(EmbeddingRequest request) {
        long tokens = 0;
        for (Input input : request.inputs()) {
            tokens +=
                    PER_MESSAGE
                            + switch (input) {
                                case Input.Text text -> of(text.text());
                                case Input.Tokens told -> told.ids().size();
                            };
        }
        return tokens;
    }

    private static long of(List<Part> parts) {
        long tokens = 0;
        for (Part part : parts) {
            tokens += of(part);
        }
        return tokens;
    }

    private static long of(Part part) {
        return switch (part) {
            case Part.Text text -> of(text.text());
            case Part.Refusal refusal -> of(refusal.text());
            case Part.Reasoning reasoning -> {
                String proof = reasoning.signature();
                // What is sealed may be longer than what is shown of it.
                yield Math.max(of(reasoning.text()), proof == null ? 0 : proof.length());
            }
            case Part.ToolCall call -> of(call.name()) + of(call.arguments());
            case Part.ToolResult result -> PER_MESSAGE + of(result.content());
            case Part.Image ignored -> PER_IMAGE;
            case Part.File file -> bytes(file.base64());
            case Part.Audio audio -> bytes(audio.base64());
            case Part.CachePoint ignored -> 0;
            case Part.Unknown unknown -> of(unknown.raw().toString());
        };
    }

    /** Of a file that is only named, one picture's worth: its size is known to nobody here. */
    private static long bytes(@org.jspecify.annotations.Nullable String base64) {
        return base64 == null ? PER_IMAGE : (base64.length() * 3L + 3) / 4;
    }

    /** Of one text. */
    public static long of(String text) {
        long whole = 0;
        long halves = 0;
        int run = 0;
        int runHalves = 0;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char letter = text.charAt(i);
            boolean plain = isLetter(letter);
            if (plain || isWordlike(letter)) {
                run++;
                runHalves += plain ? 1 : 2;
                continue;
            }
            halves += run > WORD_LETTERS_MAX ? 2L * run : runHalves;
            run = 0;
            runHalves = 0;
            if (letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r') {
                halves++;
            } else {
                whole += bytes(letter);
            }
        }
        halves += run > WORD_LETTERS_MAX ? 2L * run : runHalves;
        return whole + (halves + 1) / 2;
    }

    private static boolean isLetter(char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    }

    private static boolean isWordlike(char letter) {
        return (letter >= '0' && letter <= '9')
                || letter == '+'
                || letter == '/'
                || letter == '_'
                || letter == '-';
    }

    /** Each half of a pair counts two of its four bytes. */
    private static int bytes(char letter) {
        if (letter < 0x80) {
            return 1;
        }
        return letter < 0x800 || Character.isSurrogate(letter) ? 2 : 3;
    }
}
