package entrepot.market.yaml;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One YAML document being read. Values are taken through {@link #root}; whatever is wrong is noted
 * on the way, and {@link #done} says all of it at once.
 */
public final class YamlFile {

    private static final int CODE_POINTS_MAX = 4 * 1024 * 1024;
    private static final int PROBLEMS_MAX = 50;

    private final String name;
    private final List<Problem> problems = new ArrayList<>();
    private final YamlMap root;

    private YamlFile(String name, String text) {
        this.name = name;
        this.root = compose(text).map(node -> new YamlValue(this, "", node).map()).orElse(empty());
    }

    /**
     * @param name as it is to stand in complaints
     * @throws YamlInvalid when the text is not YAML at all
     */
    public static YamlFile parse(String name, String text) {
        return new YamlFile(name, text);
    }

    /** The document's mapping; empty when the file is. */
    public YamlMap root() {
        return root;
    }

    /**
     * @throws YamlInvalid when anything was complained about since the beginning
     */
    public void done() {
        if (!problems.isEmpty()) {
            throw new YamlInvalid(
                    problems.stream()
                            .sorted(
                                    Comparator.comparingInt(Problem::line)
                                            .thenComparingInt(Problem::column))
                            .toList());
        }
    }

    void complain(Optional<Mark> mark, String path, String message) {
        if (problems.size() < PROBLEMS_MAX) {
            problems.add(problem(mark, path, message));
        }
    }

    private Problem problem(Optional<Mark> mark, String path, String message) {
        int line = mark.map(Mark::getLine).orElse(0) + 1;
        int column = mark.map(Mark::getColumn).orElse(0) + 1;
        return new Problem(name, line, column, path, message);
    }

    private YamlMap empty() {
        return new YamlMap(this, "", Optional.empty(), List.of());
    }

    private Optional<Node> compose(String text) {
        var settings =
                LoadSettings.builder()
                        .setLabel(name)
                        .setAllowDuplicateKeys(true) // told apart and complained about by YamlMap
                        .setCodePointLimit(CODE_POINTS_MAX)
                        .build();
        try {
            return new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException e) {
            String context = e.getContext() == null ? "" : " (" + e.getContext() + ")";
            throw new YamlInvalid(
                    List.of(
                            problem(
                                    e.getProblemMark(),
                                    "",
                                    "not YAML: " + e.getProblem() + context)));
        } catch (YamlEngineException e) {
            throw new YamlInvalid(
                    List.of(problem(Optional.empty(), "", "not YAML: " + e.getMessage())));
        }
    }
}
