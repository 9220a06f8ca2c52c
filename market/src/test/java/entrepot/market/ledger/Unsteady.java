package entrepot.market.ledger;

import entrepot.store.Database;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A database that is away for as long as a test says so. */
record Unsteady(Database database, AtomicBoolean away, AtomicInteger failures) implements Database {

    @Override
    public Engine engine() {
        return database.engine();
    }

    @Override
    public <T> T read(Work<T> work) {
        return database.read(work);
    }

    @Override
    public <T> T write(Work<T> work) {
        if (away.get()) {
            failures.incrementAndGet();
            throw new IllegalStateException("the database is away");
        }
        return database.write(work);
    }

    @Override
    public <T> T once(Work<T> work) {
        return write(work);
    }

    @Override
    public void migrate(List<Migrations> features) {
        database.migrate(features);
    }

    @Override
    public void close() {}
}
