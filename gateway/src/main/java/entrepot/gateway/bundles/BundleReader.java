package entrepot.gateway.bundles;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.protocols.json.Json;
import entrepot.runtime.facts.FactCodec;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.replay.Rerun;
import entrepot.runtime.session.Redaction;
import entrepot.runtime.turn.Limits;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Reads a bundle that anybody may have made: every limit is checked while it is unpacked, every
 * file against the manifest, and the journal by running it again.
 */
final class BundleReader {

    private static final Set<String> NAMES = Set.of(Bundle.MANIFEST, Bundle.JOURNAL, Bundle.ITEMS);
    private static final Pattern SESSION_ID = Pattern.compile("sess_[A-Za-z0-9_]{1,59}");
    private static final int FACTS_MAX = 1_000_000;
    private static final int CHUNK_BYTES = 8_192;
    private static final FactCodec CODEC = new FactCodec();

    private BundleReader() {}

    /**
     * What a bundle holds.
     *
     * @param digest of its journal, in hex
     */
    record Read(String sessionId, List<Journal.Recorded> facts, String digest) {
        Read {
            facts = List.copyOf(facts);
        }
    }

    /**
     * @throws Failed naming the file, and its line, where it is not as it must be
     */
    static Read read(byte[] zip) {
        Map<String, byte[]> files = unpack(zip);
        for (String name : NAMES) {
            if (!files.containsKey(name)) {
                throw bad(name, "the bundle does not have this file.");
            }
        }
        Fields manifest = Fields.of(Bundle.MANIFEST, json(files, Bundle.MANIFEST));
        if (!manifest.requiredText("format").equals(Bundle.FORMAT)
                || manifest.required("version").asInt(0) != Bundle.VERSION) {
            throw bad(
                    Bundle.MANIFEST,
                    "this server reads format '"
                            + Bundle.FORMAT
                            + "' in version "
                            + Bundle.VERSION
                            + " only.");
        }
        verify(manifest, files);
        String id = manifest.requiredText("session_id");
        if (!SESSION_ID.matcher(id).matches()) {
            throw bad(Bundle.MANIFEST, "session_id is not the id of a session.");
        }
        byte[] journal = bytes(files, Bundle.JOURNAL);
        List<Journal.Recorded> facts = facts(journal);
        rerun(facts, bytes(files, Bundle.ITEMS));
        return new Read(id, facts, Bundle.sha256(journal));
    }

    private static Failed bad(String file, String problem) {
        return Refusals.invalid("invalid_bundle", file + ": " + problem, file);
    }

    private static Map<String, byte[]> unpack(byte[] packed) {
        Map<String, byte[]> files = new TreeMap<>();
        long left = Bundle.UNPACKED_BYTES_MAX;
        try (var zip = new ZipInputStream(new ByteArrayInputStream(packed))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName();
                if (!NAMES.contains(name) || files.containsKey(name)) {
                    throw bad(
                            "bundle",
                            "it holds "
                                    + String.join(", ", NAMES.stream().sorted().toList())
                                    + " once each, and nothing else.");
                }
                byte[] bytes = unpack(zip, left);
                left -= bytes.length;
                files.put(name, bytes);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw bad("bundle", "it is not a zip file that can be read.");
        }
        return files;
    }

    private static byte[] unpack(InputStream zip, long bytesMax) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var chunk = new byte[CHUNK_BYTES];
        for (int read = zip.read(chunk); read >= 0; read = zip.read(chunk)) {
            if (bytes.size() + read > bytesMax) {
                throw new Failed(
                        Failure.of(
                                Failure.Cause.TOO_LARGE,
                                "A bundle may have "
                                        + Bundle.UNPACKED_BYTES_MAX
                                        + " bytes when it is unpacked."));
            }
            bytes.write(chunk, 0, read);
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(Map<String, byte[]> files, String name) {
        byte[] bytes = files.get(name);
        return bytes == null ? new byte[0] : bytes;
    }

    private static JsonNode json(Map<String, byte[]> files, String name) {
        try {
            return Json.read(bytes(files, name), Failure.Cause.INVALID_REQUEST);
        } catch (Failed notJson) {
            throw bad(name, String.valueOf(notJson.getMessage()));
        }
    }

    private static void verify(Fields manifest, Map<String, byte[]> files) {
        List<String> seen = new ArrayList<>();
        for (JsonNode each : manifest.requiredList("files")) {
            Fields file = Fields.of(Bundle.MANIFEST + " files", each);
            String name = file.requiredText("name");
            byte[] bytes = files.get(name);
            if (bytes == null || name.equals(Bundle.MANIFEST)) {
                throw bad(name, "the manifest names it, and the bundle does not have it.");
            }
            if (bytes.length != file.required("bytes").asLong(-1)
                    || !Bundle.sha256(bytes).equals(file.requiredText("sha256"))) {
                throw bad(name, "it is not what the manifest says: it was changed or cut off.");
            }
            seen.add(name);
        }
        if (!seen.containsAll(List.of(Bundle.JOURNAL, Bundle.ITEMS))) {
            throw bad(Bundle.MANIFEST, "it must tell the hash of every file.");
        }
    }

    private static List<Journal.Recorded> facts(byte[] journal) {
        List<Journal.Recorded> facts = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < journal.length; at++) {
            if (journal[at] != '\n') {
                continue;
            }
            facts.add(fact(Arrays.copyOfRange(journal, from, at), facts.size() + 1));
            from = at + 1;
            if (facts.size() > FACTS_MAX) {
                throw bad(Bundle.JOURNAL, "it may have " + FACTS_MAX + " facts.");
            }
        }
        if (from != journal.length) {
            throw bad(Bundle.JOURNAL, "its last line has no end.");
        }
        return facts;
    }

    private static Journal.Recorded fact(byte[] line, int number) {
        try {
            Fields fact =
                    Fields.of(
                            Bundle.JOURNAL + ":" + number,
                            Json.read(line, Failure.Cause.INVALID_REQUEST));
            long seq = fact.required("seq").asLong(0);
            if (seq != number) {
                throw bad(Bundle.JOURNAL + ":" + number, "its seq must be " + number + ".");
            }
            // Made anew from what we know of it: a sealed secret would be none of ours.
            return new Journal.Recorded(
                    seq,
                    fact.required("at_ms").asLong(0),
                    new Redaction()
                            .exported(
                                    CODEC.read(
                                            new FactCodec.Written(
                                                    fact.requiredText("type"),
                                                    fact.required("version").asInt(0),
                                                    fact.required("payload")
                                                            .toString()
                                                            .getBytes(StandardCharsets.UTF_8)))));
        } catch (IllegalStateException
                | IllegalArgumentException
                | NullPointerException
                | ClassCastException e) {
            throw bad(Bundle.JOURNAL + ":" + number, "it is not a fact of its type and version.");
        }
    }

    private static Rerun rerun(List<Journal.Recorded> facts) {
        try {
            return Rerun.of(facts, Limits.DEFAULT);
        } catch (NullPointerException | IllegalArgumentException e) {
            throw bad(Bundle.JOURNAL, "a fact lacks a member that its type has.");
        }
    }

    /** Who changes a journal and its hashes has still to make it one that could have been. */
    private static void rerun(List<Journal.Recorded> facts, byte[] items) {
        Rerun rerun = rerun(facts);
        Rerun.Difference difference = rerun.difference();
        if (difference != null) {
            throw bad(
                    Bundle.JOURNAL + ":" + difference.seq(),
                    "it does not follow from what stands before it; expected "
                            + difference.expected()
                            + ".");
        }
        if (!Arrays.equals(Bundle.lines(rerun.items()), items)) {
            throw bad(Bundle.ITEMS, "the journal adds up to other items.");
        }
    }
}
