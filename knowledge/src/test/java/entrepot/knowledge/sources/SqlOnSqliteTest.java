package entrepot.knowledge.sources;

final class SqlOnSqliteTest extends SqlConnectorContract {

    @Override
    String url() {
        return "jdbc:sqlite:" + folder.resolve("tickets.db");
    }
}
