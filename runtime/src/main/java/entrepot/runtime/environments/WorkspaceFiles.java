package entrepot.runtime.environments;

import entrepot.runtime.sandbox.Bounds;
import entrepot.runtime.sandbox.Command;

import java.util.List;

/**
 * Reads, writes and lists files of a workspace. All of it happens inside the sandbox, so that a
 * link that leads elsewhere leads to what is inside.
 */
final class WorkspaceFiles {

    static final int READ_BYTES = 64 << 10;
    private static final int SAID_BYTES_MAX = 4096;
    private static final int LISTED_BYTES_MAX = 256 << 10;

    private static final String WRITE =
            "set -e; [ ! -d \"$1\" ] || { echo \"$1 is a directory\"; exit 1; };"
                    + " mkdir -p -- \"$(dirname -- \"$1\")\"; cat > \"$1.part$$\";"
                    + " mv -f -- \"$1.part$$\" \"$1\"";

    /** Says the file's size in the first line, then shows a window of it. */
    private static final String READ =
            "set -e; [ -f \"$1\" ] || { echo \"There is no file $1\"; exit 1; };"
                    + " stat -Lc %s -- \"$1\"; tail -c \"+$2\" -- \"$1\" | head -c \"$3\"";

    private static final String LIST =
            "cd -- \"$1\" && find . -mindepth 1 -maxdepth \"$2\" -name .git -prune"
                    + " -o -type f -printf '%P\\t%s\\n' -o -type d -printf '%P/\\n' | sort"
                    + " | head -n \"$3\"";

    private WorkspaceFiles() {}

    /** Replaces a file whole, or not at all. */
    static Command write(String path, byte[] content, Bounds bounds) {
        return Command.script(WRITE, List.of(path), content, bounds, SAID_BYTES_MAX);
    }

    /**
     * @param offset of the first byte
     * @param bytesMax of the window
     */
    static Command read(String path, long offset, int bytesMax, Bounds bounds) {
        return Command.script(
                READ,
                List.of(path, String.valueOf(offset + 1), String.valueOf(bytesMax)),
                new byte[0],
                bounds,
                bytesMax + SAID_BYTES_MAX);
    }

    /** One line for each file, path, tab and size, and for each folder. */
    static Command list(String folder, int depth, int countMax, Bounds bounds) {
        return Command.script(
                LIST,
                List.of(folder, String.valueOf(depth), String.valueOf(countMax)),
                new byte[0],
                bounds,
                LISTED_BYTES_MAX);
    }

    /** A path as a tool's user may write it: within the workspace unless it begins with /. */
    static String absolute(String path) {
        return path.startsWith("/") ? path : "/workspace/" + path;
    }
}
