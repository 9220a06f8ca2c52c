package entrepot.gateway.door;

import java.util.Objects;

/**
 * What people and programs are told of a route.
 *
 * @param summary one line, such as {@code Lists the keys.}
 * @param query the query's members as a {@link Shape}; empty when there is none
 * @param request the body's shape; empty when there is none
 * @param status of the good answer
 * @param response its shape
 */
public record Described(String summary, String query, String request, int status, String response) {

    public Described {
        Objects.requireNonNull(summary, "summary");
        for (String shape : new String[] {query, request, response}) {
            if (!shape.isEmpty()) {
                Shape.schema(shape); // a bad one is a mistake of ours: found when routes are made
            }
        }
    }

    /** A route that is asked without a body. */
    public static Described get(String summary, String query, String response) {
        return new Described(summary, query, "", 200, response);
    }

    /** A route that is asked with a body. */
    public static Described body(String summary, String request, int status, String response) {
        return new Described(summary, "", request, status, response);
    }
}
