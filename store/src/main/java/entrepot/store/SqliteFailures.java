package entrepot.store;

import entrepot.store.DatabaseFailed.Kind;

import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;

/** Says what SQLite's result codes mean for this file, and what would fix it. */
record SqliteFailures(Path file) {

    DatabaseFailed explain(SQLException e) {
        SQLiteErrorCode code =
                e instanceof SQLiteException sqlite
                        ? sqlite.getResultCode()
                        : SQLiteErrorCode.UNKNOWN_ERROR;
        // The extended codes keep the primary code in their low byte.
        return switch (code.code & 0xff) {
            case 19 -> constraint(code, e);
            case 13 -> failed(Kind.UNAVAILABLE, "The disk is full: free space on the volume", e);
            case 5, 6 ->
                    failed(
                            Kind.UNAVAILABLE,
                            "Another program is writing to it: close that program",
                            e);
            case 8 ->
                    failed(
                            Kind.UNAVAILABLE,
                            "It is read-only: let this process write to the file and its folder",
                            e);
            case 14 ->
                    failed(
                            Kind.UNAVAILABLE,
                            "It cannot be opened: let this process write to the file and its"
                                    + " folder",
                            e);
            case 10 ->
                    failed(
                            Kind.UNKNOWN_OUTCOME,
                            "The disk reports an error (" + code + "): check the volume",
                            e);
            case 11, 26 ->
                    failed(
                            Kind.BROKEN,
                            "It is damaged or not an SQLite database: restore it from a copy, or"
                                    + " give another path",
                            e);
            default -> failed(Kind.BROKEN, String.valueOf(e.getMessage()), e);
        };
    }

    /** Whether SQLite may have undone the whole transaction on its own. */
    static boolean endsTransaction(SQLException e) {
        // sqlite.org/lang_transaction.html: FULL, IOERR, NOMEM, BUSY, INTERRUPT.
        return !(e instanceof SQLiteException sqlite)
                || switch (sqlite.getResultCode().code & 0xff) {
                    case 13, 10, 7, 5, 9 -> true;
                    default -> false;
                };
    }

    private DatabaseFailed constraint(SQLiteErrorCode code, SQLException e) {
        boolean duplicate =
                code == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE
                        || code == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY
                        || code == SQLiteErrorCode.SQLITE_CONSTRAINT_ROWID;
        return failed(
                duplicate ? Kind.DUPLICATE : Kind.CONSTRAINT, String.valueOf(e.getMessage()), e);
    }

    DatabaseFailed failed(Kind kind, String why, Exception e) {
        return new DatabaseFailed(kind, "Database file " + file + ": " + why + ".", e);
    }

    /** What the system says about a file, in words. */
    static String why(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException missing -> "there is no " + missing.getFile();
            case FileSystemException at -> at.getReason() + " (" + at.getFile() + ")";
            default -> String.valueOf(e.getMessage());
        };
    }
}
