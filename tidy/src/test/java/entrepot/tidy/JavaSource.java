package entrepot.tidy;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;

import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A Java file with its syntax tree, as the JDK's own parser sees it. */
record JavaSource(SourceFile file, CompilationUnitTree tree, SourcePositions positions) {

    static JavaSource parse(SourceFile file) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var task =
                (JavacTask)
                        compiler.getTask(
                                null,
                                null,
                                diagnostic -> {},
                                List.of("-proc:none"),
                                null,
                                List.of(new InMemory(file)));
        try {
            var tree = task.parse().iterator().next();
            return new JavaSource(file, tree, Trees.instance(task).getSourcePositions());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int firstLine(Tree node) {
        return line(positions.getStartPosition(tree, node));
    }

    int lastLine(Tree node) {
        return line(positions.getEndPosition(tree, node));
    }

    /** The node's own letters. */
    String letters(Tree node) {
        var start = (int) positions.getStartPosition(tree, node);
        var end = (int) positions.getEndPosition(tree, node);
        return start < 0 || end < start ? "" : file.text().substring(start, end);
    }

    String packageName() {
        return tree.getPackageName() == null ? "" : tree.getPackageName().toString();
    }

    private int line(long position) {
        return position < 0 ? 0 : (int) tree.getLineMap().getLineNumber(position);
    }

    private static final class InMemory extends SimpleJavaFileObject {
        private final String text;

        InMemory(SourceFile file) {
            super(URI.create("mem:///" + file.name()), Kind.SOURCE);
            text = file.text();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
