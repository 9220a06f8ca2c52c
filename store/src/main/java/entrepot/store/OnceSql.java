package entrepot.store;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** One statement that commits itself. */
final class OnceSql extends JdbcSql {

    OnceSql(Connection connection) {
        super(connection, StatementCache.Drivers.INSTANCE);
        begin(true);
    }

    /** Many rows in autocommit could stop half-way, so they get a transaction. */
    @Override
    public int[] updateAll(String sql, List<@Nullable Object[]> rows) throws SQLException {
        connection().setAutoCommit(false);
        try {
            int[] counts = super.updateAll(sql, rows);
            connection().commit();
            return counts;
        } catch (SQLException e) {
            connection().rollback();
            throw e;
        } finally {
            connection().setAutoCommit(true);
        }
    }
}
