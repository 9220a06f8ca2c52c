package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Loss;
import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Part;
import entrepot.protocols.Foreign;
import entrepot.protocols.bedrock.texts.Rules.Systems;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Brings messages into the turns that a form can hold, and names what is lost on the way. */
final class Fit {

    private final Rules rules;
    private final String dialect;
    private final List<Loss> losses;
    private final List<Turn> turns = new ArrayList<>();

    /** Instructions that wait for the next turn of a user. */
    private final StringBuilder waiting = new StringBuilder();

    private Fit(Rules rules, String dialect, List<Loss> losses) {
        this.rules = rules;
        this.dialect = dialect;
        this.losses = losses;
    }

    /** The turns of a conversation; empty when it says nothing. */
    static List<Turn> turns(
            List<Message> messages, Rules rules, String dialect, List<Loss> losses) {
        var fit = new Fit(rules, dialect, losses);
        for (int i = 0; i < messages.size(); i++) {
            fit.message(messages.get(i), "messages[" + i + "]");
        }
        fit.end("messages[" + (messages.size() - 1) + "]");
        return fit.turns;
    }

    private void message(Message message, String path) {
        Foreign.extras(message.extras(), dialect, path, losses);
        if (message.name() != null) {
            losses.add(TextLosses.NAME.at(path + ".name"));
        }
        String text = text(message, path);
        if (text.isEmpty()) {
            losses.add(TextLosses.EMPTY.at(path));
            return;
        }
        switch (message.role()) {
            case SYSTEM -> system(text, path);
            case DEVELOPER -> {
                losses.add(TextLosses.ROLE.at(path + ".role"));
                system(text, path);
            }
            case USER -> user(text, path);
            case TOOL -> {
                losses.add(TextLosses.CALLS.at(path));
                user(text, path);
            }
            case ASSISTANT -> assistant(text, path);
        }
    }

    private String text(Message message, String path) {
        var text = new StringBuilder();
        int texts = 0;
        for (int i = 0; i < message.parts().size(); i++) {
            String said = said(message.parts().get(i), path + ".parts[" + i + "]");
            if (said != null) {
                text.append(said);
                texts++;
            }
        }
        if (texts > 1) {
            losses.add(TextLosses.JOINED.at(path));
        }
        return clean(text.toString(), path);
    }

    private @Nullable String said(Part part, String path) {
        switch (part) {
            case Part.Text text -> {
                Foreign.extras(text.extras(), dialect, path, losses);
                return text.text();
            }
            case Part.Refusal refusal -> {
                losses.add(TextLosses.REFUSAL.at(path));
                return refusal.text();
            }
            case Part.Reasoning _ -> losses.add(TextLosses.REASONING.at(path));
            case Part.CachePoint _ -> losses.add(TextLosses.CACHE_POINT.at(path));
            case Part.ToolCall _, Part.ToolResult _ -> losses.add(TextLosses.CALLS.at(path));
            case Part.Image _, Part.File _, Part.Audio _ -> losses.add(TextLosses.PART.at(path));
            case Part.Unknown unknown -> Foreign.part(unknown, dialect, path, losses);
        }
        return null;
    }

    private String clean(String said, String path) {
        String text = rules.trimmed() ? said.strip() : said;
        if (!text.equals(said) && !text.isEmpty()) {
            losses.add(TextLosses.BLANKS.at(path));
        }
        String defused = rules.defused().apply(text);
        if (!defused.equals(text)) {
            losses.add(TextLosses.MARKS.at(path));
        }
        return defused;
    }

    private void system(String text, String path) {
        boolean placed =
                switch (rules.systems()) {
                    case ANYWHERE -> true;
                    case FIRST -> turns.isEmpty() && waiting.isEmpty();
                    case NOWHERE -> false;
                };
        if (placed) {
            turns.add(new Turn(Role.SYSTEM, text));
        } else {
            losses.add(TextLosses.SYSTEM_TURN.at(path));
            waiting.append(text).append("\n\n");
        }
    }

    private void user(String text, String path) {
        String whole = waiting + text;
        waiting.setLength(0);
        if (rules.alternating() && !turns.isEmpty() && turns.getLast().role() == Role.USER) {
            losses.add(TextLosses.TURNS.at(path));
            turns.add(join(whole));
        } else {
            turns.add(new Turn(Role.USER, whole));
        }
    }

    private void assistant(String text, String path) {
        if (!asked()) {
            losses.add(TextLosses.BEGINS.at(path));
        } else if (rules.alternating() && turns.getLast().role() == Role.ASSISTANT) {
            losses.add(TextLosses.TURNS.at(path));
            turns.add(join(text));
        } else {
            turns.add(new Turn(Role.ASSISTANT, text));
        }
    }

    private boolean asked() {
        return turns.stream().anyMatch(turn -> turn.role() == Role.USER);
    }

    private Turn join(String text) {
        Turn last = turns.removeLast();
        return last.with(last.text() + "\n\n" + text);
    }

    private void end(String path) {
        if (!waiting.isEmpty()) {
            waiting.setLength(waiting.length() - 2);
            user("", path);
        }
        while (!turns.isEmpty() && turns.getLast().role() == Role.ASSISTANT && !rules.prefilled()) {
            losses.add(TextLosses.PREFILL.at(path));
            turns.removeLast();
        }
        if (!asked() && rules.systems() == Systems.FIRST && !turns.isEmpty()) {
            // Somebody has to ask: an instruction alone is told as what a user says.
            losses.add(TextLosses.SYSTEM_TURN.at(path));
            turns.replaceAll(
                    turn -> turn.role() == Role.SYSTEM ? new Turn(Role.USER, turn.text()) : turn);
        }
    }
}
