package entrepot.tidy;

import java.util.List;

/**
 * One rule that does not hold in one place. Each must still be needed: an exemption that exempts
 * nothing fails the build.
 *
 * @param path of a file, or of a folder with all it holds
 */
record Exemption(String rule, String path, String reason) {

    static final List<Exemption> ALL =
            List.of(
                    new Exemption(
                            "loose-end", "tidy/src/test", "the rule and its test name the marks"),
                    new Exemption(
                            "machine-path", "tidy/src/test", "the rule's test shows bad samples"));

    boolean covers(Finding finding) {
        return finding.rule().equals(rule)
                && (finding.path().equals(path) || finding.path().startsWith(path + "/"));
    }
}
