package entrepot.protocols.anthropic.v20230601;

import entrepot.protocols.anthropic.ApiVersion;

import tools.jackson.databind.JsonNode;

import java.util.Set;

/** The version that all clients sent until October 2026. */
public final class Version20230601 implements ApiVersion {

    @Override
    public String name() {
        return "2023-06-01";
    }

    @Override
    public Set<String> removed() {
        return Set.of();
    }

    @Override
    public void check(JsonNode body) {
        // Later versions only take things away from this one.
    }
}
