package entrepot.http.engine;

import org.jspecify.annotations.Nullable;

/** What is asked for. Path and query as sent: still encoded, never normalised. */
record RequestLine(String method, String path, String query) {

    /**
     * Reads a target of RFC 9112 §3.2 in origin, absolute or asterisk form.
     *
     * @return null when it is none of these
     */
    static @Nullable RequestLine parse(String method, String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c == 0x7f || c == '#') {
                return null;
            }
        }
        if (target.startsWith("/")) {
            return split(method, target);
        }
        int scheme = target.indexOf("://");
        if (scheme > 0 && !method.equals("CONNECT")) {
            int path = target.indexOf('/', scheme + 3);
            return path < 0
                    ? new RequestLine(method, "/", "")
                    : split(method, target.substring(path));
        }
        return target.equals("*") && method.equals("OPTIONS")
                ? new RequestLine(method, target, "")
                : null;
    }

    private static RequestLine split(String method, String target) {
        int mark = target.indexOf('?');
        return mark < 0
                ? new RequestLine(method, target, "")
                : new RequestLine(method, target.substring(0, mark), target.substring(mark + 1));
    }
}
