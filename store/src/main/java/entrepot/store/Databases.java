package entrepot.store;

/** Opens databases. */
public final class Databases {

    private Databases() {}

    /**
     * Opens a database, making the file if it is not there yet.
     *
     * @throws DatabaseFailed saying what is in the way: a second process, a folder that cannot be
     *     written, a file that is not a database, a server that does not answer
     */
    public static Database open(DatabaseSettings settings) {
        return switch (settings.engine()) {
            case SQLITE -> SqliteDatabase.open(settings);
            case POSTGRES -> PostgresDatabase.open(settings);
        };
    }
}
