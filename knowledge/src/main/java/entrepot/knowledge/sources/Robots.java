package entrepot.knowledge.sources;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A site's wishes for crawlers, RFC 9309: the group for us, or else the one for all. */
final class Robots {

    static final String NAME = "entrepot";
    static final int BYTES_MAX = 512 << 10;

    private static final int RULES_MAX = 2_000;

    private final List<Rule> rules;
    private final List<String> sitemaps;

    private record Rule(boolean allows, String path) {}

    private Robots(List<Rule> rules, List<String> sitemaps) {
        this.rules = rules;
        this.sitemaps = sitemaps;
    }

    /** Where a site says nothing, everything may be read. */
    static Robots none() {
        return new Robots(List.of(), List.of());
    }

    static Robots of(String text) {
        var ours = new ArrayList<Rule>();
        var others = new ArrayList<Rule>();
        var sitemaps = new ArrayList<String>();
        boolean forUs = false;
        boolean forAll = false;
        boolean named = false;
        boolean foundUs = false;
        for (String line : text.split("\\R")) {
            String words = line.split("#", 2)[0];
            int colon = words.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String key = words.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String value = words.substring(colon + 1).strip();
            switch (key) {
                case "user-agent" -> {
                    forUs = (named && forUs) || value.equalsIgnoreCase(NAME);
                    forAll = (named && forAll) || value.equals("*");
                    named = true;
                    foundUs |= forUs;
                }
                case "allow", "disallow" -> {
                    named = false;
                    var rule = new Rule(key.equals("allow"), value);
                    if (forUs && ours.size() < RULES_MAX && !value.isEmpty()) {
                        ours.add(rule);
                    }
                    if (forAll && others.size() < RULES_MAX && !value.isEmpty()) {
                        others.add(rule);
                    }
                }
                case "sitemap" -> sitemaps.add(value);
                default -> {}
            }
        }
        return new Robots(foundUs ? ours : others, sitemaps);
    }

    List<String> sitemaps() {
        return sitemaps;
    }

    /**
     * Whether a path may be read: the longest rule that matches decides, and allowing wins a tie.
     *
     * @param path with its query
     */
    boolean allows(String path) {
        Rule best = null;
        for (Rule rule : rules) {
            boolean longer =
                    best == null
                            || rule.path().length() > best.path().length()
                            || (rule.path().length() == best.path().length() && rule.allows());
            if (longer && matches(rule.path(), path)) {
                best = rule;
            }
        }
        return best == null || best.allows();
    }

    /** {@code *} stands for any letters, {@code $} at the end for the end; never backtracks far. */
    private static boolean matches(String pattern, String path) {
        boolean whole = pattern.endsWith("$");
        String[] parts =
                (whole ? pattern.substring(0, pattern.length() - 1) : pattern).split("\\*", -1);
        if (!path.startsWith(parts[0])) {
            return false;
        }
        int at = parts[0].length();
        for (int i = 1; i < parts.length; i++) {
            boolean last = whole && i == parts.length - 1;
            int next =
                    last && path.length() - parts[i].length() >= at && path.endsWith(parts[i])
                            ? path.length() - parts[i].length()
                            : last ? -1 : path.indexOf(parts[i], at);
            if (next < 0) {
                return false;
            }
            at = next + parts[i].length();
        }
        return !whole || at == path.length();
    }
}
