package entrepot.protocols.openai;

/**
 * Reads the text of a custom tool out of the one argument {@code {"input": "…"}} of the function
 * that stands for it, while its JSON comes. What is no such argument yields nothing: it is told
 * when it is whole.
 */
public final class InputText {

    private static final String OPENING = "{\"input\":\"";

    /** Where white space may stand: before each sign of the opening, not within the name. */
    private static final String GAPS = "0,1,8,9";

    private State state = State.OPENING;
    private int at;
    private int code;
    private String held = "";

    private enum State {
        OPENING,
        TEXT,
        ESCAPE,
        UNICODE,
        OVER
    }

    /** What of the text is known by this piece and was not before. */
    public String push(String fragment) {
        var text = new StringBuilder(held);
        for (int i = 0; i < fragment.length(); i++) {
            next(fragment.charAt(i), text);
        }
        // Half a sign is kept until its other half comes.
        boolean half = !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
        held = half ? text.substring(text.length() - 1) : "";
        return text.substring(0, text.length() - held.length());
    }

    private void next(char sign, StringBuilder text) {
        switch (state) {
            case OPENING -> opening(sign);
            case TEXT -> {
                if (sign == '\\') {
                    state = State.ESCAPE;
                } else if (sign == '"' || sign < ' ') {
                    state = State.OVER;
                } else {
                    text.append(sign);
                }
            }
            case ESCAPE -> escape(sign, text);
            case UNICODE -> {
                int digit = Character.digit(sign, 16);
                code = code * 16 + digit;
                if (digit < 0) {
                    state = State.OVER;
                } else if (--at == 0) {
                    text.append((char) code);
                    state = State.TEXT;
                }
            }
            case OVER -> {
                // The end of the argument, or what was never one.
            }
        }
    }

    private void opening(char sign) {
        if (sign == OPENING.charAt(at)) {
            at++;
            state = at == OPENING.length() ? State.TEXT : State.OPENING;
        } else if (!Character.isWhitespace(sign) || !GAPS.contains(Integer.toString(at))) {
            state = State.OVER;
        }
    }

    private void escape(char sign, StringBuilder text) {
        state = State.TEXT;
        switch (sign) {
            case '"', '\\', '/' -> text.append(sign);
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'u' -> {
                state = State.UNICODE;
                at = 4;
                code = 0;
            }
            default -> state = State.OVER;
        }
    }
}
