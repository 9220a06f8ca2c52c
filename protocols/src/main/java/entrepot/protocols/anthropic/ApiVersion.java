package entrepot.protocols.anthropic;

import tools.jackson.databind.JsonNode;

import java.util.Set;

/**
 * What one version of the API takes that another does not
 * (platform.claude.com/docs/en/api/versioning). Versions differ in what they refuse; what they
 * share is read and written by {@code messages}.
 */
public interface ApiVersion {

    /** As the header {@code anthropic-version} says it, such as {@code 2023-06-01}. */
    String name();

    /** Members of a request that this version refuses, whatever their value. */
    Set<String> removed();

    /**
     * Refuses what this version does not take, beside {@link #removed}.
     *
     * @param body a request to the Messages API, as a whole
     * @throws entrepot.conversation.Failed {@code INVALID_REQUEST} with the path at fault
     */
    void check(JsonNode body);
}
