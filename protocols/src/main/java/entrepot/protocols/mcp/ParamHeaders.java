package entrepot.protocols.mcp;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which arguments of a tool are repeated in headers: those whose schema has {@code x-mcp-header}.
 */
public final class ParamHeaders {

    public static final String PREFIX = "Mcp-Param-";

    private static final String MARK = "x-mcp-header";
    private static final Set<String> PRIMITIVES = Set.of("string", "integer", "boolean");
    private static final long SAFE_INTEGER_MAX = (1L << 53) - 1;

    /** Not a schema by which headers may be made. */
    public static final class Malformed extends Exception {

        private static final long serialVersionUID = 1L;

        private Malformed(String message) {
            super(message);
        }
    }

    /**
     * @param path names of members, from the arguments down
     */
    private record Place(List<String> path, String header) {}

    private final List<Place> places = new ArrayList<>();

    private ParamHeaders() {}

    /**
     * @throws Malformed when a mark stands where it may not, or says what it may not
     */
    public static ParamHeaders of(JsonNode inputSchema) throws Malformed {
        ParamHeaders headers = new ParamHeaders();
        headers.find(inputSchema, List.of(), true);
        Set<String> names = new HashSet<>();
        for (Place place : headers.places) {
            if (!names.add(place.header().toLowerCase(Locale.ROOT))) {
                throw new Malformed("the header " + place.header() + " is named twice");
            }
        }
        return headers;
    }

    private void find(JsonNode schema, List<String> path, boolean reachable) throws Malformed {
        if (schema.isArray()) {
            for (JsonNode each : schema) {
                find(each, path, false);
            }
        }
        if (!(schema instanceof ObjectNode object)) {
            return;
        }
        if (object.has(MARK)) {
            mark(object, path, reachable);
        }
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (member.getKey().equals("properties") && member.getValue().isObject()) {
                for (Map.Entry<String, JsonNode> property : member.getValue().properties()) {
                    List<String> deeper = new ArrayList<>(path);
                    deeper.add(property.getKey());
                    find(property.getValue(), deeper, reachable);
                }
            } else {
                find(member.getValue(), path, false);
            }
        }
    }

    private void mark(ObjectNode schema, List<String> path, boolean reachable) throws Malformed {
        String at = String.join(".", path);
        JsonNode name = schema.get(MARK);
        if (!reachable || path.isEmpty()) {
            throw new Malformed(MARK + " stands where no argument's place is certain");
        }
        if (!name.isString() || !isToken(name.stringValue())) {
            throw new Malformed(MARK + " of " + at + " is no name of a header");
        }
        if (!PRIMITIVES.contains(schema.path("type").asString(""))) {
            throw new Malformed(MARK + " of " + at + " needs type string, integer or boolean");
        }
        places.add(new Place(path, name.stringValue()));
    }

    private static boolean isToken(String name) {
        return !name.isEmpty()
                && name.chars()
                        .allMatch(c ->
                                (c >= '0' && c <= '9')
                                        || (c >= 'a' && c <= 'z')
                                        || (c >= 'A' && c <= 'Z')
                                        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    /** The headers for these arguments, encoded; those without a value are left out. */
    public Map<String, String> values(JsonNode arguments) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Place place : places) {
            JsonNode value = arguments;
            for (String name : place.path()) {
                value = value.path(name);
            }
            if (value.isString()) {
                values.put(PREFIX + place.header(), HeaderText.encode(value.stringValue()));
            } else if (value.isBoolean() || isSafeInteger(value)) {
                values.put(PREFIX + place.header(), value.asString());
            }
        }
        return values;
    }

    private static boolean isSafeInteger(JsonNode value) {
        return value.isIntegralNumber()
                && value.canConvertToLong()
                && Math.abs(value.longValue()) <= SAFE_INTEGER_MAX;
    }
}
