package entrepot.runtime.environments;

import entrepot.runtime.facts.EnvironmentStatus;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * An environment as its readers see it.
 *
 * @param sessionId null when no session has it
 * @param shown what it is made of, without what is secret: {@code type}, {@code id}, {@code
 *     container_size}, {@code network{access}} and {@code files[]{id, path, size_bytes, file_id?}}
 */
public record Environment(
        String id,
        @Nullable String sessionId,
        JsonNode shown,
        EnvironmentStatus status,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        long createdSeconds) {}
