package entrepot.knowledge.sources;

import entrepot.store.testing.TestDatabases;

import java.net.URI;

final class SqlOnPostgresTest extends SqlConnectorContract {

    private final String url = jdbc(TestDatabases.postgresSettings().url());

    private static String jdbc(String url) {
        URI uri = URI.create(url);
        return "jdbc:postgresql://%s:%d%s?user=%s"
                .formatted(uri.getHost(), uri.getPort(), uri.getPath(), uri.getUserInfo());
    }

    @Override
    String url() {
        return url;
    }
}
