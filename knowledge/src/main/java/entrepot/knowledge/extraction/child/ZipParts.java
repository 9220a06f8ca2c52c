package entrepot.knowledge.extraction.child;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The parts of a zip file that are asked for, unpacked within limits. */
final class ZipParts {

    private static final int ENTRIES_MAX = 10_000;
    private static final int UNPACKED_BYTES_MAX = 96 << 20;
    private static final int CHUNK_BYTES = 16 << 10;

    private ZipParts() {}

    /** Parts by name. Those not asked for are unpacked too, to nowhere, and count as well. */
    static Map<String, byte[]> read(byte[] zip, Predicate<String> wanted)
            throws IOException, Unreadable {
        Map<String, byte[]> parts = new TreeMap<>();
        long unpacked = 0;
        int entries = 0;
        byte[] chunk = new byte[CHUNK_BYTES];
        try (var in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (++entries > ENTRIES_MAX) {
                    throw new Unreadable("The file has over " + ENTRIES_MAX + " parts.");
                }
                boolean keep = !entry.isDirectory() && wanted.test(entry.getName());
                var part = new ByteArrayOutputStream();
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    unpacked += n;
                    if (unpacked > UNPACKED_BYTES_MAX) {
                        throw new Unreadable(
                                "The file unpacks to over " + UNPACKED_BYTES_MAX + " bytes.");
                    }
                    if (keep) {
                        part.write(chunk, 0, n);
                    }
                }
                if (keep) {
                    parts.put(entry.getName(), part.toByteArray());
                }
            }
        }
        if (entries == 0) {
            throw new Unreadable("The file is not what its name says: it is no zip archive.");
        }
        return parts;
    }
}
