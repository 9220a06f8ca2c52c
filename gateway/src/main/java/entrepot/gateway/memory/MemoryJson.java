package entrepot.gateway.memory;

import entrepot.protocols.json.Json;
import entrepot.runtime.memory.Author;
import entrepot.runtime.memory.Memory;
import entrepot.runtime.memory.MemoryStore;
import entrepot.runtime.memory.MemoryVersion;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Stores, memories and versions as they are shown. */
final class MemoryJson {

    private MemoryJson() {}

    static ObjectNode store(MemoryStore store) {
        ObjectNode json =
                Json.object()
                        .put("id", store.id())
                        .put("type", "memory_store")
                        .put("name", store.name())
                        .put("description", store.description())
                        .put("created_at", time(store.createdMillis()))
                        .put("updated_at", time(store.updatedMillis()))
                        .put("archived_at", timeIf(store.archivedMillis()));
        ObjectNode metadata = json.putObject("metadata");
        store.metadata().forEach(metadata::put);
        return json;
    }

    static ObjectNode memory(String storeId, Memory memory, boolean full) {
        return Json.object()
                .put("id", memory.id())
                .put("type", "memory")
                .put("memory_store_id", storeId)
                .put("memory_version_id", memory.versionId())
                .put("path", memory.path())
                .put("content", full ? memory.content() : null)
                .put("content_sha256", memory.sha256())
                .put("content_size_bytes", memory.bytes())
                .put("created_at", time(memory.createdMillis()))
                .put("updated_at", time(memory.updatedMillis()));
    }

    static ObjectNode version(String storeId, MemoryVersion version, boolean full) {
        ObjectNode json =
                Json.object()
                        .put("id", version.id())
                        .put("type", "memory_version")
                        .put("memory_store_id", storeId)
                        .put("memory_id", version.memoryId())
                        .put("operation", version.operation().name().toLowerCase(Locale.ROOT))
                        .put("path", version.path())
                        .put("content", full ? version.content() : null)
                        .put("content_sha256", version.sha256())
                        .put("content_size_bytes", version.bytes())
                        .put("created_at", time(version.createdMillis()));
        json.set("created_by", author(version.author()));
        MemoryVersion.Redaction redaction = version.redaction();
        if (redaction == null) {
            return json.putNull("redacted_at").putNull("redacted_by");
        }
        json.put("redacted_at", time(redaction.atMillis()));
        json.set("redacted_by", author(redaction.author()));
        return json;
    }

    private static ObjectNode author(Author author) {
        Author.Work work = author.work();
        ObjectNode json = Json.object();
        if (work == null) {
            json.put("type", "api_actor").put("api_key_id", author.keyId());
        } else {
            json.put("type", "session_actor")
                    .put("session_id", work.sessionId())
                    .put("turn_id", work.turnId())
                    .put("call_id", work.callId());
        }
        return json.put("principal", author.principal());
    }

    /**
     * @param next what asks for the next page; null for the last
     */
    static ObjectNode list(List<ObjectNode> data, @Nullable String next) {
        ObjectNode json = Json.object();
        ArrayNode array = json.putArray("data");
        data.forEach(array::add);
        return json.put("next_page", next);
    }

    private static @Nullable String timeIf(@Nullable Long millis) {
        return millis == null ? null : time(millis);
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
