package entrepot.store;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;

/**
 * Prepared statements of one connection, by their text. A statement in use is taken out, so a
 * reader that runs the same text again gets one of its own.
 */
sealed interface StatementCache {

    PreparedStatement take(Connection connection, String sql) throws SQLException;

    void giveBack(String sql, @Nullable PreparedStatement statement) throws SQLException;

    /** Keeps those used last, and closes the others. Not safe for several threads. */
    final class Kept implements StatementCache {
        private final int countMax;
        private final LinkedHashMap<String, PreparedStatement> idle;

        Kept(int countMax) {
            this.countMax = countMax;
            this.idle = LinkedHashMap.newLinkedHashMap(countMax);
        }

        @Override
        public PreparedStatement take(Connection connection, String sql) throws SQLException {
            PreparedStatement kept = idle.remove(sql);
            return kept == null ? connection.prepareStatement(sql) : kept;
        }

        @Override
        public void giveBack(String sql, @Nullable PreparedStatement statement)
                throws SQLException {
            if (statement == null) {
                return;
            }
            PreparedStatement other = idle.putLast(sql, statement);
            if (other != null) {
                other.close();
            } else if (idle.size() > countMax) {
                idle.pollFirstEntry().getValue().close();
            }
        }
    }

    /** Leaves keeping to the driver. */
    final class Drivers implements StatementCache {
        static final Drivers INSTANCE = new Drivers();

        @Override
        public PreparedStatement take(Connection connection, String sql) throws SQLException {
            return connection.prepareStatement(sql);
        }

        @Override
        public void giveBack(String sql, @Nullable PreparedStatement statement)
                throws SQLException {
            if (statement != null) {
                statement.close();
            }
        }
    }
}
