package entrepot.market.catalog;

import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/** Reads what only suppliers of the kinds {@code gemini} and {@code vertex} must be told. */
final class GoogleReader {

    static final String GEMINI = "gemini";
    static final String VERTEX = "vertex";

    /** Both become part of an address. */
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.:_-]{0,127}");

    private GoogleReader() {}

    static Supplier.Api vertex(YamlMap map) {
        String project = segment(map.required("project", "my-project"));
        String location = segment(map.required("location", "global"));
        return new Supplier.Api.Vertex(project, location);
    }

    private static String segment(@Nullable YamlValue value) {
        String text = value == null ? null : value.text();
        if (value != null && text != null && !SEGMENT.matcher(text).matches()) {
            value.complain("is made of letters, digits and . : _ -");
        }
        return text == null ? "" : text;
    }
}
