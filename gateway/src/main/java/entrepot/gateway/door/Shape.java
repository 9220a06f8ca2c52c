package entrepot.gateway.door;

import entrepot.protocols.json.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The shape of a JSON value in a line, as documentation writes it, and the JSON Schema that it
 * stands for.
 *
 * <pre>
 *   shape  := type ['|null']
 *   type   := 'string' | 'integer' | 'boolean' | 'number' | 'decimal' | 'date-time' | 'any'
 *           | word{'/'word}                 one of these words, such as ok/degraded
 *           | '[' shape ']'                 a list
 *           | '{' name['?'] ':' shape {',' …} '}'   an object; ? may be left out
 *           | '{' '*' ':' shape '}'         an object with any names
 * </pre>
 */
public final class Shape {

    private static final int DEPTH_MAX = 16;

    private final String text;
    private int at;

    private Shape(String text) {
        this.text = text;
    }

    /**
     * The schema of a shape.
     *
     * @throws IllegalArgumentException with the place where the shape cannot be read
     */
    public static ObjectNode schema(String text) {
        var shape = new Shape(text);
        ObjectNode schema = shape.value(0);
        shape.blanks();
        if (shape.at < text.length()) {
            throw shape.wrong("the end");
        }
        return schema;
    }

    private ObjectNode value(int depth) {
        if (depth > DEPTH_MAX) {
            throw wrong("less depth");
        }
        blanks();
        char first = peek();
        ObjectNode schema =
                switch (first) {
                    case '[' -> list(depth);
                    case '{' -> object(depth);
                    default -> word();
                };
        blanks();
        if (peek() == '|') {
            at++;
            if (!name().equals("null")) {
                throw wrong("null");
            }
            return nullable(schema);
        }
        return schema;
    }

    private static ObjectNode nullable(ObjectNode schema) {
        ObjectNode either = Json.object();
        ArrayNode options = either.putArray("anyOf");
        options.add(schema);
        options.addObject().put("type", "null");
        return either;
    }

    private ObjectNode list(int depth) {
        expect('[');
        ObjectNode schema = Json.object().put("type", "array");
        schema.set("items", value(depth + 1));
        expect(']');
        return schema;
    }

    private ObjectNode object(int depth) {
        expect('{');
        ObjectNode schema = Json.object().put("type", "object");
        blanks();
        if (peek() == '*') {
            at++;
            expect(':');
            schema.set("additionalProperties", value(depth + 1));
            expect('}');
            return schema;
        }
        ObjectNode members = Json.object();
        ArrayNode required = Json.object().arrayNode();
        blanks();
        while (peek() != '}') {
            blanks();
            String name = name();
            if (peek() == '?') {
                at++;
            } else {
                required.add(name);
            }
            expect(':');
            members.set(name, value(depth + 1));
            blanks();
            if (peek() == ',') {
                at++;
            } else if (peek() != '}') {
                throw wrong("',' or '}'");
            }
        }
        expect('}');
        schema.set("properties", members);
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema;
    }

    private ObjectNode word() {
        String first = name();
        if (peek() == '/') {
            ObjectNode schema = Json.object().put("type", "string");
            ArrayNode words = schema.putArray("enum").add(first);
            while (peek() == '/') {
                at++;
                words.add(name());
            }
            return schema;
        }
        return switch (first) {
            case "string", "integer", "boolean", "number" -> Json.object().put("type", first);
            case "decimal" -> Json.object().put("type", "string").put("format", "decimal");
            case "date-time" -> Json.object().put("type", "string").put("format", "date-time");
            case "any" -> Json.object();
            default -> {
                ObjectNode only = Json.object().put("type", "string");
                only.putArray("enum").add(first);
                yield only;
            }
        };
    }

    private String name() {
        blanks();
        int from = at;
        while (at < text.length() && isPartOfName(text.charAt(at))) {
            at++;
        }
        if (from == at) {
            throw wrong("a word");
        }
        return text.substring(from, at);
    }

    private static boolean isPartOfName(char letter) {
        return Character.isLetterOrDigit(letter) || letter == '_' || letter == '-' || letter == '.';
    }

    private void expect(char wanted) {
        blanks();
        if (peek() != wanted) {
            throw wrong("'" + wanted + "'");
        }
        at++;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private void blanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException(
                "shape: %s expected at letter %d of %s".formatted(expected, at + 1, text));
    }
}
