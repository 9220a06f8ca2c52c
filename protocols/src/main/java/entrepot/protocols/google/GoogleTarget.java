package entrepot.protocols.google;

import org.jspecify.annotations.Nullable;

/**
 * The end of an address of Google's: {@code {model}:{method}} (google.api.http, custom methods).
 *
 * <p>The method follows the last colon: ids of models may hold colons and slashes themselves.
 *
 * @param model such as {@code gemini-3-flash} or {@code vendor/name}
 * @param method such as {@code generateContent}; empty for the model itself
 */
public record GoogleTarget(String model, String method) {

    /** Reads what stands behind {@code models/}, decoded; null when there is no method. */
    public static @Nullable GoogleTarget parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || colon == text.length() - 1 || text.indexOf('/', colon) >= 0) {
            return null;
        }
        return new GoogleTarget(text.substring(0, colon), text.substring(colon + 1));
    }
}
