package entrepot.tidy;

import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreeScanner;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** How long and how wide things may be. */
final class SizeRules {

    static final int FILE_LINES_MAX = 500;
    static final int METHOD_LINES_MAX = 60;
    static final int PARAMETERS_MAX = 6;
    static final int LINE_CHARS_MAX = 100;

    private SizeRules() {}

    static List<Finding> check(JavaSource source) {
        var findings = new ArrayList<Finding>();
        var path = source.file().path();
        var lines = source.file().lines();
        if (lines.size() > FILE_LINES_MAX) {
            findings.add(
                    new Finding(
                            "file-length",
                            path,
                            0,
                            lines.size() + " lines, at most " + FILE_LINES_MAX + ": split it"));
        }
        var textBlocks = new BitSet();
        new TreeScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
                method(source, method, findings);
                return super.visitMethod(method, null);
            }

            @Override
            public @Nullable Void visitLiteral(LiteralTree literal, @Nullable Void unused) {
                if (path.contains("/src/test/") && source.letters(literal).startsWith("\"\"\"")) {
                    textBlocks.set(source.firstLine(literal), source.lastLine(literal) + 1);
                }
                return super.visitLiteral(literal, null);
            }
        }.scan(source.tree(), null);
        lines(path, lines, textBlocks, findings);
        return findings;
    }

    private static void method(JavaSource source, MethodTree method, List<Finding> findings) {
        var path = source.file().path();
        var first = source.firstLine(method);
        var length = source.lastLine(method) - first + 1;
        if (first > 0 && length > METHOD_LINES_MAX) {
            findings.add(
                    new Finding(
                            "method-length",
                            path,
                            first,
                            "%s has %d lines, at most %d: name its parts and take them out"
                                    .formatted(method.getName(), length, METHOD_LINES_MAX)));
        }
        // A constructor mirrors its record or its wiring; an override's shape is another's choice.
        var free =
                method.getName().contentEquals("<init>")
                        || method.getModifiers().getAnnotations().stream()
                                .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
        if (!free && method.getParameters().size() > PARAMETERS_MAX) {
            findings.add(
                    new Finding(
                            "parameters",
                            path,
                            first,
                            "%s takes %d parameters, at most %d: some belong together in a record"
                                    .formatted(
                                            method.getName(),
                                            method.getParameters().size(),
                                            PARAMETERS_MAX)));
        }
    }

    private static void lines(
            String path, List<String> lines, BitSet textBlocks, List<Finding> findings) {
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            var free =
                    line.startsWith("import ")
                            || line.startsWith("package ")
                            || line.contains("://")
                            || textBlocks.get(i + 1);
            if (!free && line.length() > LINE_CHARS_MAX) {
                findings.add(
                        new Finding(
                                "line-length",
                                path,
                                i + 1,
                                line.length() + " characters, at most " + LINE_CHARS_MAX));
            }
        }
    }
}
