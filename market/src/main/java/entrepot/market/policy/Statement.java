package entrepot.market.policy;

import entrepot.market.yaml.Problem;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The text of one policy and where it begins.
 *
 * @param line from 1
 * @param column from 1
 */
record Statement(String file, String text, int line, int column) {

    /** Takes a file apart at the semicolons that end policies. */
    static List<Statement> split(String file, String text) {
        var statements = new ArrayList<Statement>();
        int line = 1;
        int lineStart = 0;
        int start = -1;
        int startLine = 1;
        int startColumn = 1;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int next = end(text, i);
            boolean comment = c == '/' && next > i + 1;
            if (start < 0 && !Character.isWhitespace(c) && !comment) {
                start = i;
                startLine = line;
                startColumn = i - lineStart + 1;
            }
            for (int at = i; at < next; at++) {
                if (text.charAt(at) == '\n') {
                    line++;
                    lineStart = at + 1;
                }
            }
            if (c == ';') {
                statements.add(
                        new Statement(file, text.substring(start, next), startLine, startColumn));
                start = -1;
            }
            i = next;
        }
        if (start >= 0) {
            String rest = text.substring(start).stripTrailing();
            statements.add(new Statement(file, rest, startLine, startColumn));
        }
        return statements;
    }

    /** Where what begins here ends: a comment, text in quotes, a word, or one letter. */
    static int end(String text, int from) {
        char c = text.charAt(from);
        int i = from + 1;
        if (c == '/' && i < text.length() && text.charAt(i) == '/') {
            int newline = text.indexOf('\n', i);
            return newline < 0 ? text.length() : newline;
        }
        if (c == '"') {
            while (i < text.length() && text.charAt(i) != '"') {
                i += text.charAt(i) == '\\' ? 2 : 1;
            }
            return Math.min(i + 1, text.length());
        }
        if (Character.isJavaIdentifierPart(c)) {
            while (i < text.length() && Character.isJavaIdentifierPart(text.charAt(i))) {
                i++;
            }
        }
        return i;
    }

    /**
     * What is wrong at a place of this text.
     *
     * @param offset in letters from the beginning
     */
    Problem problem(int offset, String path, String message) {
        int to = Math.clamp(offset, 0, text.length());
        int newlines = (int) text.substring(0, to).chars().filter(c -> c == '\n').count();
        int last = text.lastIndexOf('\n', to - 1);
        return new Problem(
                file, line + newlines, newlines == 0 ? column + to : to - last, path, message);
    }

    /** Cedar counts bytes of UTF-8. */
    int letters(int bytes) {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        int to = Math.clamp(bytes, 0, all.length);
        return new String(all, 0, to, StandardCharsets.UTF_8).length();
    }
}
