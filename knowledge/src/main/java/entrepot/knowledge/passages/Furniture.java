package entrepot.knowledge.passages;

import java.util.regex.Pattern;

/** Tells what surrounds a text on a page from the text. */
final class Furniture {

    private static final Pattern PHRASES =
            Pattern.compile(
                    "\\b(?:app store|google play|shared from|subscribe (?:to|now|today)|sign up"
                        + " (?:for|now)|newsletter|unsubscribe|cookie (?:policy|settings)|accept"
                        + " (?:all )?cookies|privacy policy|terms of (?:service|use)|all rights"
                        + " reserved|click here|read more|follow us|share"
                        + " this|advertisement|sponsored|personali[sz]ed"
                        + " (?:news|insights|recommendations)|get your own|back to top|skip to"
                        + " (?:main )?content|log in|sign in)\\b",
                    Pattern.CASE_INSENSITIVE);
    private static final int WORDS_MAX = 16;

    private static final Pattern MAIL_FIELD =
            Pattern.compile(
                    "(?:From|To|Cc|Bcc|Date|Sent|Reply-To|Message-ID|In-Reply-To|References"
                        + "|MIME-Version|Content-[\\w-]+|Received|Return-Path|X-[\\w-]+):\\s.*");

    private Furniture() {}

    static boolean is(String sentence) {
        return MAIL_FIELD.matcher(sentence).matches()
                || (PHRASES.matcher(sentence).find() && sentence.split(" ").length <= WORDS_MAX);
    }
}
