package entrepot.app.cli;

import entrepot.app.client.Progress;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.util.Locale;

/** Shows a turn on standard error: a line per finished step, and a line in flight on a terminal. */
final class LiveProgress implements Progress {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LINE_CHARS_MAX = 78;

    private final Terminal terminal;
    private int characters;

    LiveProgress(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void session(String sessionId) {
        line("session " + sessionId);
    }

    @Override
    public void toolStarted(String name, String arguments) {
        inFlight("… " + name + " " + brief(arguments));
    }

    @Override
    public void toolEnded(String name, String arguments, String status, String output) {
        var mark = status.equals("completed") ? "✓ " : "✗ ";
        var said = status.equals("completed") ? size(output) : status + ": " + cut(output, 60);
        line(mark + String.format("%-12s %-34s %s", name, cut(brief(arguments), 34), said));
    }

    @Override
    public void text(String delta) {
        characters += delta.length();
        inFlight(String.format(Locale.ROOT, "… writing, %,d characters", characters));
    }

    @Override
    public void reconnecting(int attempt) {
        if (attempt > 1) {
            inFlight("… connection broke, trying again (" + attempt + ")");
        }
    }

    /** Ends the line in flight. */
    void end() {
        if (characters > 0) {
            line(String.format(Locale.ROOT, "✓ written      %,d characters", characters));
            characters = 0;
        }
    }

    private void line(String text) {
        if (terminal.live()) {
            terminal.err().printf("\r  %-" + LINE_CHARS_MAX + "s%n", text);
        } else {
            terminal.say("  " + text);
        }
    }

    private void inFlight(String text) {
        if (terminal.live()) {
            terminal.err().printf("\r  %-" + LINE_CHARS_MAX + "s", cut(text, LINE_CHARS_MAX));
            terminal.err().flush();
        }
    }

    /** The values of the arguments, without their names. */
    private static String brief(String arguments) {
        try {
            var values = new StringBuilder();
            for (var value : JSON.readTree(arguments)) {
                values.append(values.isEmpty() ? "" : ", ")
                        .append(value.isString() ? value.asString() : value.toString());
            }
            return values.toString();
        } catch (JacksonException e) {
            return arguments;
        }
    }

    private static String size(String output) {
        return String.format(Locale.ROOT, "%,d characters", output.length());
    }

    private static String cut(String text, int charsMax) {
        var line = text.replaceAll("\\s+", " ");
        return line.length() <= charsMax ? line : line.substring(0, charsMax - 1) + "…";
    }
}
