package entrepot.gateway.responses;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Holds JSON to the schemas of an OpenAPI 3.1 document, which are those of JSON Schema 2020-12. */
final class Schema {

    private static final String NAME = "https://specification/openapi.json";
    private static final String OK = "/paths/~1responses/post/responses/200/content/";

    private final SchemaRegistry registry;

    Schema(Path file) throws IOException {
        String document = Files.readString(file);
        registry =
                SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        builder -> builder.schemas(Map.of(NAME, document)));
    }

    /** What is wrong with an object by its name in the specification; empty when nothing is. */
    List<String> problems(JsonNode value, String name) {
        return at("/components/schemas/" + name, value);
    }

    /** What is wrong with a whole response. */
    List<String> response(JsonNode value) {
        return at(OK + "application~1json/schema", value);
    }

    /** What is wrong with an event of a stream. */
    List<String> event(JsonNode value) {
        return at(OK + "text~1event-stream/schema", value);
    }

    private List<String> at(String pointer, JsonNode value) {
        return registry
                .getSchema(SchemaLocation.of(NAME + "#" + pointer))
                .validate(value.toString(), InputFormat.JSON)
                .stream()
                .map(Object::toString)
                .toList();
    }
}
