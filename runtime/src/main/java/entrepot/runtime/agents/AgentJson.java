package entrepot.runtime.agents;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

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
                .addMixIn(AgentSnapshot.ToolSpec.class, ToolSpecWords.class);
    }

    public static String write(AgentSnapshot agent) {
        return MAPPER.writeValueAsString(agent);
    }

    public static AgentSnapshot read(String text) {
        return MAPPER.readValue(text, AgentSnapshot.class);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = AgentSnapshot.ToolSpec.Function.class, name = "function"),
        @JsonSubTypes.Type(value = AgentSnapshot.ToolSpec.Server.class, name = "server")
    })
    private interface ToolSpecWords {}
}
