package entrepot.protocols;

import java.util.regex.Pattern;

/** Masks what looks like a credential in texts of suppliers, before anyone sees them. */
public final class KeyMask {

    private static final Pattern KEYS =
            Pattern.compile(
                    String.join(
                            "|",
                            // OpenAI and those who copied its prefix; xAI, Groq, Hugging Face,
                            // GitHub
                            "\\b(?:sk|pk|rk|xai|gsk|hf|ghp|key|tgp|r8|fw|nvapi|pplx|csk)"
                                    + "[-_][A-Za-z0-9*._-]{6,}",
                            // Google, AWS
                            "\\bAIza[A-Za-z0-9_-]{10,}",
                            "\\b(?:AKIA|ASIA|ABSK)[A-Za-z0-9]{8,}",
                            // JSON Web Tokens
                            "\\beyJ[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*){0,2}",
                            // whatever follows a word that announces a key
                            "(?i)(?<=\\bbearer )[^\\s\"',;]{4,}",
                            "(?i)(?<=\\bapi key provided: )[^\\s\"',;]{1,200}",
                            "(?i)(?<=[?&](?:key|api_key|api-key|token|access_token)=)[^\\s&\"']+",
                            // long runs of hexadecimal digits: Azure and Mistral keys
                            "\\b[0-9a-fA-F]{32,}\\b"));

    private KeyMask() {}

    public static String mask(String text) {
        return KEYS.matcher(text).replaceAll("***");
    }
}
