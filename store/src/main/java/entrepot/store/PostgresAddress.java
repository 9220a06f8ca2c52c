package entrepot.store;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A server's address with the credentials taken out, so that no driver message can repeat them.
 *
 * @param jdbcUrl host and database, without user, password and options
 */
record PostgresAddress(String jdbcUrl, String user, String password, Map<String, String> options) {

    /**
     * Sensible for a service; each can be set in the URL. Two executions show that a statement is
     * worth preparing; a minute without an answer shows that the server is gone.
     */
    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "prepareThreshold", "2",
                    "preparedStatementCacheQueries", "512",
                    "tcpKeepAlive", "true",
                    "connectTimeout", "5",
                    "socketTimeout", "120",
                    "logServerErrorDetail", "false",
                    "ApplicationName", "entrepot");

    PostgresAddress {
        options = Map.copyOf(options);
    }

    /**
     * The driver's own form has user and password among the options; the usual one before
     * {@code @}.
     */
    static PostgresAddress parse(String url) {
        int slashes = url.indexOf("//");
        if (slashes < 0) {
            throw malformed(url);
        }
        String rest = url.substring(slashes + 2);
        int question = rest.indexOf('?');
        Map<String, String> options = new LinkedHashMap<>(DEFAULTS);
        if (question >= 0) {
            for (String option : rest.substring(question + 1).split("&")) {
                int equals = option.indexOf('=');
                if (equals < 1) {
                    throw malformed(url);
                }
                options.put(option.substring(0, equals), decoded(option.substring(equals + 1)));
            }
            rest = rest.substring(0, question);
        }
        int at = rest.lastIndexOf('@');
        String[] login = at < 0 ? new String[0] : rest.substring(0, at).split(":", 2);
        String user = options.remove("user");
        String password = options.remove("password");
        return new PostgresAddress(
                "jdbc:postgresql://" + rest.substring(at + 1),
                login.length > 0 ? decoded(login[0]) : user == null ? "" : user,
                login.length > 1 ? decoded(login[1]) : password == null ? "" : password,
                options);
    }

    @Override
    public String toString() {
        return "PostgresAddress[" + jdbcUrl + "]";
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException malformed(String url) {
        return new IllegalArgumentException(
                "Not a PostgreSQL address: "
                        + DatabaseSettings.of(url).shown()
                        + ". Give postgresql://user:password@host:port/database?option=value.");
    }
}
