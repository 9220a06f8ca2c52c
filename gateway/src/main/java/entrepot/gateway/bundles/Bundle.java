package entrepot.gateway.bundles;

import entrepot.conversation.Failure;
import entrepot.gateway.agents.SessionJson;
import entrepot.protocols.json.Json;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.FactCodec;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.session.Cursor;
import entrepot.runtime.session.Entry;
import entrepot.runtime.session.Redaction;
import entrepot.runtime.session.View;
import entrepot.runtime.session.ViewFold;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A session as a zip file: its facts and its items, one JSON object a line, and a manifest with
 * their lengths and SHA-256. No secret of the server it comes from is in it.
 */
final class Bundle {

    static final String FORMAT = "entrepot.session";
    static final int VERSION = 1;
    static final String MANIFEST = "manifest.json";
    static final String JOURNAL = "journal.jsonl";
    static final String ITEMS = "items.jsonl";

    /** Of all files in a bundle together, unpacked. */
    static final long UNPACKED_BYTES_MAX = 64L << 20;

    /** The first that a zip file can tell: bundles of one session differ only by what is in it. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private static final FactCodec CODEC = new FactCodec();

    private final Redaction redaction = new Redaction();
    private final ByteArrayOutputStream journal = new ByteArrayOutputStream();
    private final ViewFold fold = new ViewFold();
    private long facts;

    /** Adds the next fact. Returns whether there is room for it. */
    boolean add(Journal.Recorded recorded) {
        Fact fact = redaction.exported(recorded.fact());
        fold.add(new Entry.Recorded(new Cursor(recorded.seq(), 0), recorded.atMillis(), fact));
        FactCodec.Written written = CODEC.write(fact);
        ObjectNode line =
                Json.object()
                        .put("seq", recorded.seq())
                        .put("at_ms", recorded.atMillis())
                        .put("type", written.type())
                        .put("version", written.version());
        line.set("payload", Json.read(written.payload(), Failure.Cause.INTERNAL));
        journal.writeBytes(Json.write(line));
        journal.write('\n');
        facts++;
        return journal.size() <= UNPACKED_BYTES_MAX / 2;
    }

    /**
     * The file.
     *
     * @param exportedMillis when, in ms since 1970
     */
    byte[] zip(String sessionId, long exportedMillis) {
        byte[] items = lines(fold.items());
        Map<String, byte[]> files = new TreeMap<>();
        files.put(ITEMS, items);
        files.put(JOURNAL, journal.toByteArray());
        ObjectNode manifest =
                Json.object()
                        .put("format", FORMAT)
                        .put("version", VERSION)
                        .put("session_id", sessionId)
                        .put("exported_at_ms", exportedMillis)
                        .put("facts", facts)
                        .put("items", fold.items().size());
        ArrayNode told = manifest.putArray("files");
        files.forEach((name, bytes) ->
                told.addObject()
                        .put("name", name)
                        .put("bytes", bytes.length)
                        .put("sha256", sha256(bytes)));
        ArrayNode dropped = manifest.putArray("dropped");
        redaction.dropped().forEach(dropped::add);
        files.put(MANIFEST, (manifest.toPrettyString() + "\n").getBytes(UTF_8));
        var packed = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(packed)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                var entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(EPOCH);
                zip.putNextEntry(entry);
                zip.write(file.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is written but memory", e);
        }
        return packed.toByteArray();
    }

    private static final Charset UTF_8 = StandardCharsets.UTF_8;

    /** Items as every list shows them, one a line. */
    static byte[] lines(List<View.Item> items) {
        var lines = new ByteArrayOutputStream();
        for (View.Item item : items) {
            lines.writeBytes(Json.write(SessionJson.item(item)));
            lines.write('\n');
        }
        return lines.toByteArray();
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256.", e);
        }
    }
}
