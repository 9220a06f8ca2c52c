package entrepot.gateway.admin;

import entrepot.gateway.door.Described;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.OpenAiShape;
import entrepot.gateway.door.Route;
import entrepot.gateway.door.Shape;
import entrepot.identity.Caller.Scope;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the <a href="https://spec.openapis.org/oas/v3.1.1.html">OpenAPI</a> document of the routes
 * that are described: what is served and what is documented cannot part.
 */
public final class OpenApi {

    /** Where the document is. */
    public static final String PATH = "/admin/v1/openapi.json";

    private static final ErrorShape ERRORS = new OpenAiShape();
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)(?:\\.\\.\\.)?}");
    private static final String ERROR =
            "{error: {message: string, type: string, param: string|null, code: string|null}}";

    private OpenApi() {}

    /** The route that answers with the document of the others and of itself. */
    public static Route route(List<Route> others) {
        Described about =
                Described.get("This document.", "", "{openapi: string, info: any, paths: any}");
        var bare = new Route("GET", PATH, Scope.MODELS, ERRORS, _ -> {}, false).about(about);
        var all = new java.util.ArrayList<>(others);
        all.add(bare);
        ObjectNode document = document(all);
        return new Route(
                        "GET",
                        PATH,
                        Scope.MODELS,
                        ERRORS,
                        call -> call.respond(200, document),
                        false)
                .about(about);
    }

    /** The document of all routes that are described. */
    public static ObjectNode document(List<Route> routes) {
        ObjectNode document = Json.object().put("openapi", "3.1.1");
        document.putObject("info")
                .put("title", "Entrepot: administration and explanations")
                .put("version", "1")
                .putObject("license")
                .put("name", "Apache-2.0")
                .put("identifier", "Apache-2.0");
        document.putArray("security").addObject().putArray("key");
        ObjectNode paths = document.putObject("paths");
        routes.stream()
                .filter(route -> route.about() != null)
                .sorted(Comparator.comparing(Route::path).thenComparing(Route::method))
                .forEach(route -> add(paths, route));
        ObjectNode components = document.putObject("components");
        components
                .putObject("securitySchemes")
                .putObject("key")
                .put("type", "http")
                .put("scheme", "bearer")
                .put("description", "A key of this server: entrepot keys create");
        components.putObject("schemas").set("Error", Shape.schema(ERROR));
        ObjectNode error = components.putObject("responses").putObject("Error");
        error.put("description", "Why not, which member, and what would help.")
                .putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/Error");
        return document;
    }

    private static void add(ObjectNode paths, Route route) {
        Described about = java.util.Objects.requireNonNull(route.about());
        String path = PARAMETER.matcher(route.path()).replaceAll("{$1}");
        ObjectNode item =
                paths.get(path) instanceof ObjectNode known ? known : paths.putObject(path);
        ObjectNode operation = item.putObject(route.method().toLowerCase(Locale.ROOT));
        operation.put("operationId", operationId(route)).put("summary", about.summary());
        operation.putArray("tags").add(tag(route.path()));
        parameters(operation, route.path(), about);
        if (!about.request().isEmpty()) {
            ObjectNode body = operation.putObject("requestBody").put("required", true);
            content(body, route.takes(), about.request());
        }
        ObjectNode responses = operation.putObject("responses");
        ObjectNode good = responses.putObject(Integer.toString(about.status()));
        good.put("description", "Done.");
        if (!about.response().isEmpty()) {
            content(good, Route.JSON, about.response());
        }
        responses.putObject("default").put("$ref", "#/components/responses/Error");
        Scope scope = route.scope();
        if (scope == null) {
            operation.putArray("security");
        } else {
            operation.put(
                    "description",
                    "Needs a key with the scope " + scope.name().toLowerCase(Locale.ROOT) + ".");
        }
    }

    private static void parameters(ObjectNode operation, String path, Described about) {
        ArrayNode parameters = operation.putArray("parameters");
        Matcher names = PARAMETER.matcher(path);
        while (names.find()) {
            parameters
                    .addObject()
                    .put("name", names.group(1))
                    .put("in", "path")
                    .put("required", true)
                    .putObject("schema")
                    .put("type", "string");
        }
        if (about.query().isEmpty()) {
            return;
        }
        ObjectNode query = Shape.schema(about.query());
        List<String> required =
                query.path("required").valueStream().map(name -> name.asString("")).toList();
        query.path("properties")
                .properties()
                .forEach(each ->
                        parameters
                                .addObject()
                                .put("name", each.getKey())
                                .put("in", "query")
                                .put("required", required.contains(each.getKey()))
                                .set("schema", each.getValue()));
    }

    private static void content(ObjectNode holder, String media, String shape) {
        JsonNode schema = Shape.schema(shape);
        holder.putObject("content").putObject(media).set("schema", schema);
    }

    /** Such as {@code getAdminV1KeysKeyId}. */
    private static String operationId(Route route) {
        var id = new StringBuilder(route.method().toLowerCase(Locale.ROOT));
        for (String word : route.path().split("[^A-Za-z0-9]+", -1)) {
            if (!word.isEmpty()) {
                id.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
            }
        }
        return id.toString();
    }

    /** The first word that is no version and no branch. */
    private static String tag(String path) {
        for (String segment : path.split("/", -1)) {
            if (!segment.isEmpty() && !segment.equals("admin") && !segment.matches("v[0-9]+")) {
                return segment;
            }
        }
        return "server";
    }
}
