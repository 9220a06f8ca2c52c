package entrepot.tidy;

import com.sun.source.tree.ClassTree;
import com.sun.source.util.TreeScanner;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Words that name nothing, and packages that hold too much or do not say what they hold. */
final class NameRules {

    static final int PACKAGE_FILES_MAX = 25;

    /** The least that says what lives here, what does not, and where to begin. */
    static final int PACKAGE_DOC_CHARS_MIN = 60;

    private static final Set<String> EMPTY_WORDS =
            Set.of(
                    "common",
                    "commons",
                    "core",
                    "util",
                    "utils",
                    "utility",
                    "utilities",
                    "helper",
                    "helpers",
                    "base",
                    "impl",
                    "manager",
                    "managers",
                    "misc",
                    "shared");

    private NameRules() {}

    static List<Finding> check(JavaSource source) {
        var findings = new ArrayList<Finding>();
        new TreeScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
                for (var word : type.getSimpleName().toString().split("(?=[A-Z])")) {
                    if (EMPTY_WORDS.contains(word.toLowerCase(Locale.ROOT))) {
                        findings.add(
                                new Finding(
                                        "empty-word",
                                        source.file().path(),
                                        source.firstLine(type),
                                        type.getSimpleName()
                                                + " says '"
                                                + word
                                                + "': name what it is in the field's own words"));
                    }
                }
                return super.visitClass(type, null);
            }
        }.scan(source.tree(), null);
        return findings;
    }

    static List<Finding> checkFolders(List<SourceFile> files) {
        var findings = new ArrayList<Finding>();
        var folders = new TreeSet<String>();
        files.forEach(file -> folders.add(file.folder()));
        for (var folder : folders) {
            Arrays.stream(folder.split("/"))
                    .filter(EMPTY_WORDS::contains)
                    .forEach(word ->
                            findings.add(
                                    new Finding(
                                            "empty-word",
                                            folder,
                                            0,
                                            "folder '" + word + "' names nothing")));
            var count =
                    files.stream()
                            .filter(f -> f.folder().equals(folder) && f.is("java"))
                            .filter(f -> !f.name().equals("package-info.java"))
                            .count();
            if (count > PACKAGE_FILES_MAX) {
                findings.add(
                        new Finding(
                                "package-size",
                                folder,
                                0,
                                count + " files, at most " + PACKAGE_FILES_MAX + ": split it"));
            }
        }
        return findings;
    }

    /** Every package says what it is and is null-marked; where only tests live, too. */
    static List<Finding> checkPackages(List<SourceFile> files) {
        var findings = new ArrayList<Finding>();
        var folders = new TreeSet<String>();
        files.stream()
                .filter(file -> file.is("java") && !file.name().equals("package-info.java"))
                .forEach(file -> folders.add(file.folder()));
        for (var folder : folders) {
            var inMain = folder.replace("/src/test/java/", "/src/main/java/");
            var info =
                    files.stream()
                            .filter(f -> f.name().equals("package-info.java"))
                            .filter(f -> f.folder().equals(folder) || f.folder().equals(inMain))
                            .findFirst();
            if (info.isEmpty()) {
                findings.add(new Finding("package-info", folder, 0, "has no package-info.java"));
            } else {
                packageInfo(info.get(), findings);
            }
        }
        return findings.stream().distinct().toList();
    }

    private static void packageInfo(SourceFile info, List<Finding> findings) {
        if (!info.text().contains("@NullMarked")
                && !info.text().contains("@org.jspecify.annotations.NullMarked")) {
            findings.add(new Finding("package-info", info.path(), 0, "lacks @NullMarked"));
        }
        var text = info.text();
        var start = text.indexOf("/**");
        var end = text.indexOf("*/");
        var doc = start < 0 || end < start ? "" : text.substring(start + 3, end).strip();
        if (doc.length() < PACKAGE_DOC_CHARS_MIN || doc.contains("Placeholder")) {
            findings.add(
                    new Finding(
                            "package-info",
                            info.path(),
                            0,
                            "say in 3 to 8 lines what lives here, what does not, where to begin"));
        }
    }
}
