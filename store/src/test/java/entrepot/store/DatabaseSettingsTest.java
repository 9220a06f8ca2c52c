package entrepot.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

final class DatabaseSettingsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://ann:hun%74er2@db:5432/stock?sslmode=require",
                "postgres://ann:hun%74er2@db:5432/stock?sslmode=require",
                "jdbc:postgresql://db:5432/stock?user=ann&password=hun%74er2&sslmode=require"
            })
    void each_form_of_a_server_address_means_the_same_and_hides_the_password(String url) {
        DatabaseSettings settings = DatabaseSettings.of(url);
        assertThat(settings.engine()).isEqualTo(Database.Engine.POSTGRES);
        assertThat(settings.toString()).doesNotContain("er2").contains("***").contains("sslmode");
        PostgresAddress address = PostgresAddress.parse(url);
        assertThat(address.jdbcUrl()).isEqualTo("jdbc:postgresql://db:5432/stock");
        assertThat(address.user()).isEqualTo("ann");
        assertThat(address.password()).isEqualTo("hunter2");
        assertThat(address.options()).containsAllEntriesOf(Map.of("sslmode", "require"));
        assertThat(address.toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"data/stock.db", "sqlite:stock.db", "jdbc:sqlite:/tmp/stock.db"})
    void anything_else_is_a_file(String url) {
        assertThat(DatabaseSettings.of(url).engine()).isEqualTo(Database.Engine.SQLITE);
    }

    @Test
    void what_is_neither_is_refused_with_what_to_give() {
        assertThatThrownBy(() -> Databases.open(DatabaseSettings.of("mysql://ann:pw@db/stock")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("postgresql://")
                .hasMessageNotContaining(":pw@");
        assertThatThrownBy(() -> DatabaseSettings.of(" ")).hasMessageContaining("empty");
    }

    @Test
    void the_defaults_are_pinned() {
        assertThat(DatabaseSettings.of("x")).isEqualTo(new DatabaseSettings("x", 12, 10_000, 4096));
    }

    @Test
    void a_limit_that_is_no_limit_is_refused_by_name() {
        assertThatThrownBy(() -> new DatabaseSettings("x", 1, 10, 10))
                .hasMessageContaining("connectionsMax is 1");
    }
}
