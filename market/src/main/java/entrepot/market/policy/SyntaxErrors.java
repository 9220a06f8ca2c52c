package entrepot.market.policy;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds where the parser stopped. It says what it stumbled over, but not where: the shortest
 * beginning of the text that is more than unfinished ends there, or one word later.
 */
final class SyntaxErrors {

    private static final Pattern WORD = Pattern.compile("[:`] ?`?([\\w.@-]+)`?$");

    private static final Pattern TOKEN = Pattern.compile("unexpected token `([^`]*)`");

    private SyntaxErrors() {}

    /**
     * @param text that the parser refuses
     * @param message of the parser
     * @param parser gives the parser's message for another text; null when it is well-formed
     * @return in letters from the beginning
     */
    static int offset(String text, String message, Function<String, @Nullable String> parser) {
        if (unfinished(message)) {
            return text.length();
        }
        if (message.contains("token")) {
            return named(text, message, firstBad(text, parser));
        }
        Matcher word = WORD.matcher(message);
        if (word.find()) {
            String named = word.group(1);
            for (int i = 0; i < text.length(); i = Statement.end(text, i)) {
                if (text.startsWith(named, i)) {
                    return i;
                }
            }
        }
        return 0;
    }

    /** Whether it stumbled over the end before anything else. */
    private static boolean unfinished(String message) {
        return message.startsWith("unexpected end of input");
    }

    private static List<Integer> firstBad(String text, Function<String, @Nullable String> parser) {
        List<Integer> starts = new ArrayList<>();
        for (int i = 0; i < text.length(); i = Statement.end(text, i)) {
            if (!Character.isWhitespace(text.charAt(i)) && !text.startsWith("//", i)) {
                starts.add(i);
            }
        }
        int low = 0;
        int high = starts.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            String message =
                    parser.apply(text.substring(0, Statement.end(text, starts.get(middle))));
            if (message != null && !unfinished(message)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low == 0 ? List.of(0) : List.of(starts.get(low - 1), starts.get(low));
    }

    /** The parser may look one word ahead before it says no: the word that it names counts. */
    private static int named(String text, String message, List<Integer> near) {
        Matcher token = TOKEN.matcher(message);
        if (token.find()) {
            for (int start : near) {
                if (text.startsWith(token.group(1), start)) {
                    return start;
                }
            }
        }
        return near.getLast();
    }
}
