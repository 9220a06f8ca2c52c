package entrepot.runtime.agents;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How agents are written down. The names of members are the names of the records' components, and
 * journals hold them: a golden file guards each.
 */
public final class AgentJson {

    private static final JsonMapper MAPPER = words(JsonMapper.builder()).build();

    private AgentJson() {}

    /** Teaches a mapper the words for agents, and the house's way to write a record. */
    public static JsonMapper.Builder words(JsonMapper.Builder builder) {
        return builder.disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .changeDefaultPropertyInclusion(
                        old -> old.withValueInclusion(JsonInclude.Include.NON_NULL))
                .addMixIn(AgentSnapshot.ToolSpec.class, ToolSpecWords.class)
                .addMixIn(AgentSnapshot.Transport.class, TransportWords.class);
    }

    public static String write(AgentSnapshot agent) {
        return MAPPER.writeValueAsString(agent);
    }

    public static AgentSnapshot read(String text) {
        JsonNode json = MAPPER.readTree(text);
        upcast(json);
        return MAPPER.treeToValue(json, AgentSnapshot.class);
    }

    /** Turns an agent as older versions wrote it into what this one reads, in place. */
    public static void upcast(JsonNode agent) {
        for (JsonNode tool : agent.path("tools")) {
            if (tool instanceof ObjectNode server && server.has("serverUrl")) {
                JsonNode url = server.remove("serverUrl");
                server.putObject("transport").put("type", "http").set("url", url);
            }
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = AgentSnapshot.ToolSpec.Function.class, name = "function"),
        @JsonSubTypes.Type(value = AgentSnapshot.ToolSpec.Server.class, name = "server")
    })
    private interface ToolSpecWords {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = AgentSnapshot.Transport.Http.class, name = "http"),
        @JsonSubTypes.Type(value = AgentSnapshot.Transport.Stdio.class, name = "stdio")
    })
    private interface TransportWords {}
}
