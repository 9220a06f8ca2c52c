package entrepot.knowledge.mentions;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Tells verbs by their endings and a list of the common irregular ones. */
final class Verbs {

    private static final Map<String, String> IRREGULAR =
            Map.ofEntries(
                    Map.entry("sent", "send"),
                    Map.entry("wrote", "write"),
                    Map.entry("written", "write"),
                    Map.entry("made", "make"),
                    Map.entry("held", "hold"),
                    Map.entry("met", "meet"),
                    Map.entry("began", "begin"),
                    Map.entry("begun", "begin"),
                    Map.entry("left", "leave"),
                    Map.entry("took", "take"),
                    Map.entry("taken", "take"),
                    Map.entry("gave", "give"),
                    Map.entry("given", "give"),
                    Map.entry("became", "become"),
                    Map.entry("become", "become"),
                    Map.entry("bought", "buy"),
                    Map.entry("sold", "sell"),
                    Map.entry("paid", "pay"),
                    Map.entry("built", "build"),
                    Map.entry("won", "win"),
                    Map.entry("lost", "lose"),
                    Map.entry("rose", "rise"),
                    Map.entry("fell", "fall"),
                    Map.entry("grew", "grow"),
                    Map.entry("hit", "hit"),
                    Map.entry("led", "lead"),
                    Map.entry("found", "find"),
                    Map.entry("came", "come"),
                    Map.entry("went", "go"),
                    Map.entry("ran", "run"),
                    Map.entry("set", "set"),
                    Map.entry("put", "put"),
                    Map.entry("broke", "break"),
                    Map.entry("spent", "spend"),
                    Map.entry("died", "die"),
                    Map.entry("born", "bear"),
                    Map.entry("quit", "quit"),
                    Map.entry("invest", "invest"),
                    Map.entry("reach", "reach"),
                    Map.entry("pay", "pay"),
                    Map.entry("buy", "buy"),
                    Map.entry("cost", "cost"),
                    Map.entry("begin", "begin"),
                    Map.entry("end", "end"),
                    Map.entry("expire", "expire"),
                    Map.entry("spend", "spend"),
                    Map.entry("raise", "raise"),
                    Map.entry("start", "start"),
                    Map.entry("launch", "launch"),
                    Map.entry("opens", "open"),
                    Map.entry("closes", "close"),
                    Map.entry("starts", "start"),
                    Map.entry("ends", "end"));

    /** Saying something happens on many days, so these alone make no two events one. */
    private static final Set<String> SPEECH =
            Set.of("said", "says", "told", "reported", "stated", "added", "noted", "described");

    private static final Set<String> NO_VERBS =
            Set.of(
                    "need",
                    "speed",
                    "feed",
                    "seed",
                    "indeed",
                    "hundred",
                    "red",
                    "bed",
                    "shed",
                    "united",
                    "limited",
                    "related",
                    "based",
                    "planned",
                    "estimated",
                    "exceed",
                    "proceed",
                    "succeed");

    private Verbs() {}

    /** The verb's plain form, or null when the word is none or only one of speech. */
    static @Nullable String event(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        if (SPEECH.contains(lower) || NO_VERBS.contains(lower)) {
            return null;
        }
        String known = IRREGULAR.get(lower);
        if (known != null) {
            return known;
        }
        if (lower.length() > 4 && lower.endsWith("ed")) {
            String stem = lower.substring(0, lower.length() - 2);
            int last = stem.length() - 1;
            boolean doubled =
                    stem.charAt(last) == stem.charAt(last - 1)
                            && "lsz".indexOf(stem.charAt(last)) < 0;
            return doubled ? stem.substring(0, last) : stem;
        }
        return null;
    }
}
