package entrepot.runtime.memory;

import entrepot.store.Sql;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How stores, memories and versions are written down. */
final class MemoryRows {

    static final String STORE =
            "select id, name, description, metadata, created_ms, updated_ms, archived_ms"
                    + " from memory_store";
    static final String MEMORY =
            "select id, path, content, sha256, bytes, version, created_ms, updated_ms from memory";
    static final String MEMORY_LINE =
            "select id, path, null as content, sha256, bytes, version, created_ms, updated_ms"
                    + " from memory";
    static final String VERSION =
            "select id, memory, operation, path, content, sha256, bytes, principal, key_id,"
                    + " session, turn, call, at_ms, redacted_ms, redacted_by, redacted_key"
                    + " from memory_version";
    static final String VERSION_LINE = VERSION.replace(" content,", " null as content,");

    private static final TypeReference<Map<String, String>> PAIRS = new TypeReference<>() {};
    private static final JsonMapper JSON = JsonMapper.shared();

    private MemoryRows() {}

    static MemoryStore store(Sql.Row row) throws SQLException {
        return new MemoryStore(
                row.text("id"),
                row.text("name"),
                row.text("description"),
                JSON.readValue(row.text("metadata"), PAIRS),
                row.number("created_ms"),
                row.number("updated_ms"),
                row.numberIf("archived_ms").orElse(null));
    }

    static Memory memory(Sql.Row row) throws SQLException {
        return new Memory(
                row.text("id"),
                row.text("path"),
                row.textIf("content").orElse(null),
                row.text("sha256"),
                row.number("bytes"),
                row.text("version"),
                row.number("created_ms"),
                row.number("updated_ms"));
    }

    static MemoryVersion version(Sql.Row row) throws SQLException {
        String session = row.textIf("session").orElse(null);
        Author author =
                new Author(
                        row.text("principal"),
                        row.textIf("key_id").orElse(null),
                        session == null
                                ? null
                                : new Author.Work(session, row.text("turn"), row.text("call")));
        Long redacted = row.numberIf("redacted_ms").orElse(null);
        return new MemoryVersion(
                row.text("id"),
                row.text("memory"),
                MemoryVersion.Operation.valueOf(row.text("operation").toUpperCase(Locale.ROOT)),
                row.textIf("path").orElse(null),
                row.textIf("content").orElse(null),
                row.textIf("sha256").orElse(null),
                row.numberIf("bytes").orElse(null),
                author,
                row.number("at_ms"),
                redacted == null
                        ? null
                        : new MemoryVersion.Redaction(
                                new Author(
                                        row.text("redacted_by"),
                                        row.textIf("redacted_key").orElse(null),
                                        null),
                                redacted));
    }

    static String word(MemoryVersion.Operation operation) {
        return operation.name().toLowerCase(Locale.ROOT);
    }

    static String write(Map<String, String> metadata) {
        return JSON.writeValueAsString(new TreeMap<>(metadata));
    }

    static byte[] bytes(String content) {
        return content.getBytes(StandardCharsets.UTF_8);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256.", e);
        }
    }
}
