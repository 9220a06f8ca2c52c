package entrepot.store;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to be the only process on a file: an exclusive lock of the operating system on {@code
 * <file>.lock}, which holds the owner's process id. The system drops it when the process dies.
 */
final class SqliteLock implements AutoCloseable {

    /**
     * Locked by this process. POSIX drops all of a process's locks on a file when it closes any
     * handle of it, so the lock file must not be opened twice, not even to look.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private SqliteLock(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static SqliteLock take(Path file) {
        Path path = file.resolveSibling(file.getFileName() + ".lock");
        if (!HELD.add(path)) {
            throw taken(file, "this process has it open already");
        }
        FileChannel channel = null;
        try {
            channel =
                    FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                String owner = Files.readString(path, StandardCharsets.UTF_8).strip();
                throw taken(
                        file,
                        owner.isEmpty()
                                ? "another process has it open"
                                : "process " + owner + " has it open");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(processId().getBytes(StandardCharsets.UTF_8)), 0);
            return new SqliteLock(path, channel);
        } catch (IOException e) {
            release(path, channel);
            throw new DatabaseFailed(
                    DatabaseFailed.Kind.UNAVAILABLE,
                    "Cannot lock the database file "
                            + file
                            + ": "
                            + SqliteFailures.why(e)
                            + ". The process must be able to write to this folder.",
                    e);
        } catch (RuntimeException e) {
            release(path, channel);
            throw e;
        }
    }

    @Override
    public void close() {
        release(path, channel);
    }

    private static void release(Path path, @Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new DatabaseFailed(
                    DatabaseFailed.Kind.UNAVAILABLE, "Cannot unlock " + path + ".", e);
        } finally {
            HELD.remove(path);
        }
    }

    private static String processId() {
        return Long.toString(ProcessHandle.current().pid());
    }

    private static DatabaseFailed taken(Path file, String by) {
        return new DatabaseFailed(
                DatabaseFailed.Kind.UNAVAILABLE,
                "The database file "
                        + file
                        + " is in use: "
                        + by
                        + ". One process owns a file; stop the other one, give this one a file of"
                        + " its own, or let both use one PostgreSQL.",
                null);
    }
}
