package entrepot.market.yaml;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One value being read. Every reading that fails complains and gives null (or something empty), so
 * that the rest of the file is still looked at.
 */
public final class YamlValue {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final Pattern DECIMAL = Pattern.compile("\\d{1,12}(\\.\\d{1,12})?");

    private final YamlFile file;
    private final String path;
    private final Node node;

    YamlValue(YamlFile file, String path, Node node) {
        this.file = file;
        this.path = path;
        this.node = node;
    }

    public String path() {
        return path;
    }

    public void complain(String message) {
        file.complain(node.getStartMark(), path, message);
    }

    /** Where it begins, from 1. */
    public int line() {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    /** Where it begins, from 1. */
    public int column() {
        return node.getStartMark().map(Mark::getColumn).orElse(0) + 1;
    }

    public boolean isText() {
        return node instanceof ScalarNode && !isNull();
    }

    public boolean isList() {
        return node instanceof SequenceNode;
    }

    boolean isNull() {
        return node instanceof ScalarNode && Tag.NULL.equals(node.getTag());
    }

    /** The mapping; an empty one and a complaint when it is something else. */
    public YamlMap map() {
        if (node instanceof MappingNode mapping) {
            return new YamlMap(file, path, node.getStartMark(), mapping.getValue());
        }
        complain("must be a mapping of 'key: value' lines, but is " + kind());
        return YamlMap.none(file, path);
    }

    /** The list's values; none and a complaint when it is something else. */
    public List<YamlValue> list() {
        var values = new ArrayList<YamlValue>();
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                values.add(new YamlValue(file, path + "[" + values.size() + "]", item));
            }
        } else {
            complain("must be a list of '- …' lines, but is " + kind());
        }
        return values;
    }

    /** Text that is not empty; numbers and truth values are taken as they are written. */
    public @Nullable String text() {
        if (!(node instanceof ScalarNode scalar) || isNull()) {
            complain("must be text, but is " + kind());
            return null;
        }
        if (scalar.getValue().isBlank()) {
            complain("must not be empty");
            return null;
        }
        return scalar.getValue();
    }

    public @Nullable Long number(long min, long max) {
        String text = text();
        if (text == null) {
            return null;
        }
        try {
            long number = Long.parseLong(text.replace("_", ""));
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // complained about below, as one that is out of range
        }
        complain("must be a whole number from " + min + " to " + max + ", but is '" + text + "'");
        return null;
    }

    /** An exact decimal that is not negative. Never goes through floating point. */
    public @Nullable BigDecimal decimal() {
        String text = text();
        if (text == null) {
            return null;
        }
        if (!DECIMAL.matcher(text).matches()) {
            complain("must be a plain decimal such as 1.25, but is '" + text + "'");
            return null;
        }
        return new BigDecimal(text);
    }

    public @Nullable Duration duration() {
        String text = text();
        if (text == null) {
            return null;
        }
        Matcher matcher = DURATION.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            complain("must be a time such as 500ms, 10s, 5m or 1h, but is '" + text + "'");
            return null;
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    /**
     * An absolute http or https address without user, query or fragment. Complaints do not repeat
     * it: people put keys there.
     */
    public @Nullable URI address() {
        String text = text();
        if (text == null) {
            return null;
        }
        try {
            var uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (!scheme.equals("http") && !scheme.equals("https")) {
                complain("must begin with https:// or http://");
            } else if (uri.getRawUserInfo() != null) {
                complain("must not hold a user or password: give the key under key_env");
            } else if (uri.getHost() == null) {
                complain("has no host name after " + scheme + "://");
            } else if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
                complain("must end before any '?' or '#'");
            } else {
                return uri;
            }
        } catch (URISyntaxException e) {
            complain("is not an address: " + e.getReason() + " at letter " + (e.getIndex() + 1));
        }
        return null;
    }

    /** One of a closed set of words. */
    public @Nullable String oneOf(List<String> words) {
        String text = text();
        if (text == null || words.contains(text)) {
            return text;
        }
        complain(
                "must be "
                        + (words.size() == 1 ? "" : "one of ")
                        + String.join(", ", words)
                        + ", but is '"
                        + text
                        + "'"
                        + Spelling.nearest(text, words)
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse(""));
        return null;
    }

    private String kind() {
        return switch (node) {
            case MappingNode ignored -> "a mapping";
            case SequenceNode ignored -> "a list";
            case ScalarNode scalar when isNull() -> "empty";
            case ScalarNode ignored -> "a single value"; // not repeated: it may be a secret
            default -> "something else";
        };
    }
}
