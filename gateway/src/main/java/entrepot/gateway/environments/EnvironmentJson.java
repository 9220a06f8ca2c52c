package entrepot.gateway.environments;

import entrepot.protocols.json.Json;
import entrepot.runtime.environments.Blueprint;
import entrepot.runtime.environments.Environment;
import entrepot.runtime.environments.Template;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Environments and templates, as the API shows them. */
public final class EnvironmentJson {

    /** What the API calls a sandbox of the server's. */
    public static final String HOSTED = "openai_hosted";

    private EnvironmentJson() {}

    /** As it stands in a session. */
    public static JsonNode ofSession(JsonNode shown) {
        if (!shown.path("type").asString("").equals("hosted")) {
            return shown;
        }
        ObjectNode json =
                Json.object()
                        .put("type", HOSTED)
                        .put("id", shown.path("id").asString(""))
                        .put("container_size", shown.path("container_size").asString("medium"));
        made(json, shown.path("network").asString("disabled"));
        json.set("files", files(shown.path("files")));
        return json;
    }

    static ObjectNode info(Environment environment) {
        ObjectNode json =
                Json.object()
                        .put("id", environment.id())
                        .put("object", "agent.environment")
                        .put("type", HOSTED)
                        .put("status", environment.status().name().toLowerCase(Locale.ROOT));
        json.set("files", files(environment.shown().path("files")));
        json.putArray("plugins");
        json.putArray("skills");
        return json;
    }

    static ObjectNode template(Template template) {
        Blueprint blueprint = template.blueprint();
        ObjectNode json =
                Json.object()
                        .put("id", template.id())
                        .put("object", "agent.environment.template")
                        .put("name", template.name())
                        .put("created_at", template.createdSeconds())
                        .put("updated_at", template.updatedSeconds());
        made(json, Boolean.TRUE.equals(blueprint.network()) ? "enabled" : "disabled");
        ArrayNode files = json.putArray("files");
        for (Blueprint.Given file :
                Objects.requireNonNullElse(blueprint.files(), List.<Blueprint.Given>of())) {
            ObjectNode each = files.addObject().put("path", file.path());
            if (file.fileId() == null) {
                each.put("type", "inline").put("size_bytes", file.bytes());
            } else {
                each.put("type", "file_id").put("file_id", file.fileId());
            }
        }
        return json;
    }

    private static void made(ObjectNode json, String access) {
        json.putObject("network").put("access", access).putArray("allowed_domains");
        ObjectNode packages = json.putObject("packages");
        packages.putArray("npm");
        packages.putArray("python");
        packages.putArray("system");
        json.putArray("plugins");
        json.putArray("skills");
        json.putArray("capability_directories");
        json.putObject("desktop").put("enabled", false);
    }

    private static ArrayNode files(JsonNode shown) {
        ArrayNode files = Json.object().putArray("files");
        for (JsonNode file : shown) {
            boolean copy = file.hasNonNull("file_id");
            ObjectNode each =
                    files.addObject()
                            .put("id", file.path("id").asString(""))
                            .put("type", copy ? "file_id" : "inline")
                            .put("path", file.path("path").asString(""))
                            .put("size_bytes", file.path("size_bytes").asLong(0));
            if (copy) {
                each.put("file_id", file.path("file_id").asString(""));
            }
        }
        return files;
    }

    static ObjectNode deleted(String id, String object) {
        return Json.object().put("id", id).put("object", object).put("deleted", true);
    }
}
