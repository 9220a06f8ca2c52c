package entrepot.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What no text of the repository may hold: loose ends, one machine's paths, dead links. */
final class TextRules {

    private static final Pattern LOOSE_END = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");

    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w.~:/-])/(work|root|home/[a-z]\\w*)/");

    private static final Pattern LINK = Pattern.compile("!?\\[[^\\]]*\\]\\(([^)\\s]+)[^)]*\\)");

    private TextRules() {}

    static List<Finding> check(SourceFile file) {
        var findings = new ArrayList<Finding>();
        var data = file.path().contains("/src/test/resources/") || file.is("txt");
        var lines = file.lines();
        for (int i = 0; i < lines.size() && !data; i++) {
            if (LOOSE_END.matcher(lines.get(i)).find()) {
                findings.add(
                        new Finding(
                                "loose-end", file.path(), i + 1, "finish it, or open an issue"));
            }
            if (MACHINE_PATH.matcher(lines.get(i)).find()) {
                findings.add(
                        new Finding(
                                "machine-path",
                                file.path(),
                                i + 1,
                                "names a folder of one machine: make it relative"));
            }
        }
        return findings;
    }

    /** Links of a Markdown file to files that are not there. */
    static List<Finding> checkLinks(SourceFile file, Predicate<String> exists) {
        var findings = new ArrayList<Finding>();
        var fenced = false;
        var lines = file.lines();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).stripLeading().startsWith("```")) {
                fenced = !fenced;
            }
            var link = LINK.matcher(fenced ? "" : lines.get(i));
            while (link.find()) {
                var target = link.group(1).replaceFirst("#.*", "");
                if (!target.isEmpty()
                        && !target.matches("[a-z]+:.*")
                        && !exists.test(resolve(file.folder(), target))) {
                    findings.add(
                            new Finding(
                                    "dead-link", file.path(), i + 1, "no such file: " + target));
                }
            }
        }
        return findings;
    }

    private static String resolve(String folder, String target) {
        return java.nio.file.Path.of(folder).resolve(target).normalize().toString();
    }
}
