package entrepot.market.yaml;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A mapping being read. It remembers which keys were asked for; the others are strangers. */
public final class YamlMap {

    private final YamlFile file;
    private final String path;
    private final Optional<Mark> mark;
    private final Map<String, YamlValue> values = new LinkedHashMap<>();
    private final Map<String, Optional<Mark>> keyMarks = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();
    private boolean missesNothing;

    YamlMap(YamlFile file, String path, Optional<Mark> mark, List<NodeTuple> tuples) {
        this.file = file;
        this.path = path;
        this.mark = mark;
        for (NodeTuple tuple : tuples) {
            add(tuple);
        }
    }

    /** What stands in for a value that is no mapping, and was complained about as such. */
    static YamlMap none(YamlFile file, String path) {
        var none = new YamlMap(file, path, Optional.empty(), List.of());
        none.missesNothing = true;
        return none;
    }

    private void add(NodeTuple tuple) {
        Optional<Mark> at = tuple.getKeyNode().getStartMark();
        if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
            file.complain(at, path, "a key must be plain text");
            return;
        }
        String key = scalar.getValue();
        if (key.equals("<<") && scalar.getScalarStyle() == ScalarStyle.PLAIN) {
            file.complain(at, path, "'<<' merges nothing here: write the members out");
            return;
        }
        var value =
                new YamlValue(file, path.isEmpty() ? key : path + "." + key, tuple.getValueNode());
        if (values.putIfAbsent(key, value) != null) {
            int first =
                    keyMarks.getOrDefault(key, Optional.empty()).map(Mark::getLine).orElse(0) + 1;
            file.complain(
                    at, value.path(), "stands here twice (first in line " + first + "): drop one");
            return;
        }
        keyMarks.put(key, at);
    }

    /** The value under a key, if it is there and not null. */
    public @Nullable YamlValue get(String key) {
        asked.add(key);
        YamlValue value = values.get(key);
        return value == null || value.isNull() ? null : value;
    }

    /** The value under a key; null and a complaint when there is none. */
    public @Nullable YamlValue required(String key, String example) {
        YamlValue value = get(key);
        if (value == null && !missesNothing) {
            complain("'" + key + "' is missing: add it, such as " + key + ": " + example);
        }
        return value;
    }

    /** All pairs, for mappings whose keys are names that the writer chose. */
    public Map<String, YamlValue> all() {
        asked.addAll(values.keySet());
        return java.util.Collections.unmodifiableMap(values);
    }

    /** The line in which a key of this mapping stands, from 1. */
    public int lineOf(String key) {
        return keyMarks.getOrDefault(key, mark).map(Mark::getLine).orElse(0) + 1;
    }

    /** The column in which a key of this mapping begins, from 1. */
    public int columnOf(String key) {
        return keyMarks.getOrDefault(key, mark).map(Mark::getColumn).orElse(0) + 1;
    }

    /** Every key that was asked for so far: what may stand here. */
    public Set<String> asked() {
        return java.util.Collections.unmodifiableSet(asked);
    }

    /** Complains at a key of this mapping. */
    public void complainAtKey(String key, String message) {
        file.complain(
                keyMarks.getOrDefault(key, mark), path.isEmpty() ? key : path + "." + key, message);
    }

    public void complain(String message) {
        file.complain(mark, path, message);
    }

    /** Complains about every key that nobody asked for. */
    public void noOthers() {
        List<String> known = new ArrayList<>(asked);
        for (String key : values.keySet()) {
            if (!asked.contains(key)) {
                complainAtKey(key, "is not known here" + Spelling.hint(key, known));
            }
        }
    }
}
