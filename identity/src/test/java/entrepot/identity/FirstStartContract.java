package entrepot.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.identity.Caller.Scope;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

abstract class FirstStartContract extends OnDatabase {

    @Test
    void r77_an_empty_database_gets_one_random_key_that_is_told_once() {
        StoredKeys keys = keys();
        FirstStart start = new FirstStart(database, keys, clock);
        Keys.Issued issued = start.run(null).orElseThrow();
        Caller caller = keys.resolve(issued.secret().reveal()).orElseThrow();
        assertThat(caller.tenant()).isEqualTo("default");
        assertThat(caller.team()).isEqualTo("default");
        assertThat(caller.principal()).isEqualTo("admin");
        assertThat(caller.scopes()).containsExactlyInAnyOrder(Scope.values());
        assertThat(start.run(null)).isEmpty();
        assertThat(keys.list("default")).hasSize(1);
    }

    @Test
    void a_key_that_was_revoked_does_not_come_back_with_the_next_start() {
        StoredKeys keys = keys();
        FirstStart start = new FirstStart(database, keys, clock);
        Keys.Issued issued = start.run(null).orElseThrow();
        keys.revoke("default", issued.key().id());
        assertThat(start.run(null)).isEmpty();
        assertThat(keys.resolve(issued.secret().reveal())).isEmpty();
    }

    @Test
    void nodes_that_start_together_make_one_key_between_them() throws Exception {
        List<Future<Optional<Keys.Issued>>> starts = new ArrayList<>();
        List<StoredKeys> nodes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int node = 0; node < 8; node++) {
                StoredKeys keys = keys();
                nodes.add(keys);
                starts.add(threads.submit(() -> new FirstStart(database, keys, clock).run(null)));
            }
        }
        List<Keys.Issued> made = new ArrayList<>();
        for (Future<Optional<Keys.Issued>> start : starts) {
            start.get().ifPresent(made::add);
        }
        assertThat(made).hasSize(1);
        String secret = made.getFirst().secret().reveal();
        assertThat(nodes).allMatch(node -> node.resolve(secret).isPresent());
    }

    @Test
    void r77_a_chosen_key_that_can_be_guessed_is_not_offered_to_the_network() {
        StoredKeys keys = keys();
        FirstStart start = new FirstStart(database, keys, clock);
        Keys.Issued issued = start.run(new Secret("changeme")).orElseThrow();
        assertThat(keys.resolve("changeme")).isPresent();
        assertThatThrownBy(() -> Exposure.check("0.0.0.0", keys.guessable()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("0.0.0.0")
                .hasMessageNotContaining("changeme");
        assertThatCode(() -> Exposure.check("127.0.0.1", keys.guessable()))
                .doesNotThrowAnyException();
        keys.revoke("default", issued.key().id());
        assertThatCode(() -> Exposure.check("0.0.0.0", keys.guessable()))
                .doesNotThrowAnyException();
    }

    @Test
    void r77_a_random_key_may_be_offered_to_the_network() {
        StoredKeys keys = keys();
        new FirstStart(database, keys, clock).run(null);
        for (String host : List.of("0.0.0.0", "::", "localhost", "::1")) {
            assertThatCode(() -> Exposure.check(host, keys.guessable())).doesNotThrowAnyException();
        }
    }

    @Test
    void tenants_and_teams_are_added_once() {
        Tenants tenants = new Tenants(database, clock);
        assertThat(tenants.add("acme")).isTrue();
        assertThat(tenants.add("acme")).isFalse();
        assertThat(tenants.addTeam("acme", "news")).isTrue();
        assertThat(tenants.addTeam("acme", "news")).isFalse();
        assertThat(tenants.all()).containsExactly("acme");
        assertThat(tenants.teams("acme")).containsExactly("news");
        assertThat(tenants.teams("rival")).isEmpty();
        assertThatThrownBy(() -> tenants.addTeam("rival", "news"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tenants.add("a/b")).isInstanceOf(IllegalArgumentException.class);
    }
}
