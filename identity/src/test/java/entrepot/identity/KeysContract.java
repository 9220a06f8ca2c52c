package entrepot.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.identity.Caller.Scope;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

abstract class KeysContract extends OnDatabase {

    @BeforeEach
    void addTenants() {
        Tenants tenants = new Tenants(database, clock);
        for (String tenant : List.of("acme", "rival")) {
            tenants.add(tenant);
            tenants.addTeam(tenant, "news");
        }
    }

    @Test
    void r83_a_key_resolves_at_once_to_one_whole_caller() {
        StoredKeys keys = keys();
        Keys.Issued issued = keys.create(key("acme", null));
        assertThat(keys.resolve(issued.secret().reveal()))
                .contains(
                        new Caller(
                                "acme",
                                "news",
                                "ann",
                                issued.key().id(),
                                Set.of(Scope.MODELS, Scope.AGENTS)));
    }

    @Test
    void r70_what_cannot_be_resolved_is_nobody() {
        StoredKeys keys = keys();
        String secret = keys.create(key("acme", null)).secret().reveal();
        for (String presented :
                List.of(
                        "",
                        " ",
                        "ek_",
                        secret + " ",
                        secret.substring(1),
                        secret.toUpperCase(java.util.Locale.ROOT),
                        secret.substring(0, 11),
                        "x".repeat(1_000_000))) {
            assertThat(keys.resolve(presented)).as(presented.strip()).isEmpty();
        }
    }

    @Test
    void r68_a_presented_key_is_never_part_of_a_statement() {
        StoredKeys keys = keys();
        String secret = keys.create(key("acme", null)).secret().reveal();
        for (String attack : List.of("' or '1'='1", "'; drop table api_key; --", "%", "\0")) {
            assertThat(keys.resolve(attack)).isEmpty();
        }
        assertThat(keys.resolve(secret)).isPresent();
    }

    @Test
    void r72_neither_the_secret_nor_its_text_form_is_kept_or_shown() {
        StoredKeys keys = keys();
        Keys.Issued issued = keys.create(key("acme", null));
        String hidden = issued.secret().reveal().substring(12);
        assertThat(issued.toString()).doesNotContain(hidden);
        assertThat(keys.list("acme").toString()).doesNotContain(hidden);
        List<String> stored =
                database.read(sql ->
                        sql.query(
                                "select * from api_key",
                                row ->
                                        row.text("id")
                                                + row.text("prefix")
                                                + row.text("name")
                                                + new String(
                                                        row.bytes("hash"),
                                                        java.nio.charset.StandardCharsets
                                                                .ISO_8859_1)));
        assertThat(stored).hasSize(1).noneMatch(row -> row.contains(hidden.substring(0, 8)));
        assertThat(issued.secret().reveal()).startsWith(issued.key().prefix());
    }

    @Test
    void a_secret_has_160_bits_that_never_repeat() {
        StoredKeys keys = keys();
        String one = keys.create(key("acme", null)).secret().reveal();
        String other = keys.create(key("acme", null)).secret().reveal();
        assertThat(one).matches("ek_[0-9a-z]{8}_[0-9a-z]{32}").isNotEqualTo(other);
    }

    @Test
    void r78_keys_are_answered_while_the_database_is_gone() {
        StoredKeys keys = keys();
        String secret = keys.create(key("acme", null)).secret().reveal();
        database.close();
        assertThat(keys.resolve(secret)).isPresent();
        assertThat(keys.resolve("ek_unknown")).isEmpty();
    }

    @Test
    void r78_what_one_node_makes_or_revokes_the_others_learn_with_a_refresh() {
        StoredKeys one = keys();
        StoredKeys other = keys();
        Keys.Issued issued = one.create(key("acme", null));
        String secret = issued.secret().reveal();
        assertThat(other.resolve(secret)).isEmpty();
        other.refresh();
        assertThat(other.resolve(secret)).isPresent();
        assertThat(one.revoke("acme", issued.key().id())).isTrue();
        assertThat(one.resolve(secret)).isEmpty();
        other.refresh();
        assertThat(other.resolve(secret)).isEmpty();
    }

    @Test
    void a_key_can_be_revoked_once_and_only_by_its_tenant() {
        StoredKeys keys = keys();
        Keys.Issued issued = keys.create(key("acme", null));
        String id = issued.key().id();
        assertThat(keys.revoke("rival", id)).isFalse();
        assertThat(keys.resolve(issued.secret().reveal())).isPresent();
        assertThat(keys.revoke("acme", id)).isTrue();
        assertThat(keys.revoke("acme", id)).isFalse();
        assertThat(keys.list("acme").getFirst().revokedAt()).isEqualTo(clock.instant());
        assertThat(keys.list("rival")).isEmpty();
    }

    @Test
    void a_key_ends_at_its_hour_without_any_refresh() {
        StoredKeys keys = keys();
        Instant end = clock.instant().plus(Duration.ofHours(1));
        Keys.Issued issued = keys.create(key("acme", end));
        clock.set(end.minusMillis(1));
        assertThat(keys.resolve(issued.secret().reveal())).isPresent();
        clock.set(end);
        assertThat(keys.resolve(issued.secret().reveal())).isEmpty();
        assertThat(keys.revoke("acme", issued.key().id())).isFalse();
    }

    @Test
    void a_use_is_written_at_most_once_a_minute() {
        StoredKeys keys = keys();
        String secret = keys.create(key("acme", null)).secret().reveal();
        assertThat(keys.list("acme").getFirst().lastUsedAt()).isNull();
        Instant first = clock.instant();
        for (int i = 0; i < 60; i++) {
            assertThat(keys.resolve(secret)).isPresent();
            keys.refresh();
            assertThat(keys.list("acme").getFirst().lastUsedAt()).isEqualTo(first);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(keys.resolve(secret)).isPresent();
        keys.refresh();
        assertThat(keys.list("acme").getFirst().lastUsedAt()).isEqualTo(first.plusSeconds(60));
    }

    @Test
    void the_last_use_is_written_when_the_keys_are_closed() {
        StoredKeys keys = keys();
        String secret = keys.create(key("acme", null)).secret().reveal();
        keys.refreshEvery(3_600_000);
        assertThat(keys.resolve(secret)).isPresent();
        keys.close();
        assertThat(keys.list("acme").getFirst().lastUsedAt()).isEqualTo(clock.instant());
    }

    @Test
    void a_key_that_would_be_of_no_use_is_refused_with_the_reason() {
        StoredKeys keys = keys();
        assertThatThrownBy(() -> keys.create(key("acme", clock.instant())))
                .hasMessageContaining("expired already");
        assertThatThrownBy(() -> keys.create(key("nobody", null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no tenant 'nobody'");
        assertThatThrownBy(() ->
                        keys.create(
                                new Keys.NewKey(
                                        "acme", "sports", "ann", "x", Set.of(Scope.MODELS), null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no team 'sports'");
        assertThatThrownBy(() ->
                        keys.create(new Keys.NewKey("acme", "news", "ann", "x", Set.of(), null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("scope");
        assertThat(keys.list("acme")).isEmpty();
    }

    private static Keys.NewKey key(String tenant, @Nullable Instant expiresAt) {
        return new Keys.NewKey(
                tenant, "news", "ann", "desk", Set.of(Scope.MODELS, Scope.AGENTS), expiresAt);
    }

    @Test
    void a_signing_pair_is_found_by_its_id_until_it_ends() {
        StoredKeys keys = signing("0123456789abcdefghijklmnopqrstuvwxyz");
        Keys.Issued issued =
                keys.createSigning(key("acme", clock.instant().plus(Duration.ofHours(1))));
        String id = issued.key().prefix();
        assertThat(id).matches("EKIA[0-9A-Z]{16}");
        assertThat(keys.signingSecret(id)).contains(issued.secret());
        assertThat(keys.signer(id).orElseThrow().keyId()).isEqualTo(issued.key().id());
        assertThat(keys.resolve(id)).isEmpty();
        assertThat(keys.signingSecret(id.substring(1))).isEmpty();
        assertThat(keys.list("acme").getFirst().prefix()).isEqualTo(id);
        keys.refresh();
        assertThat(keys.list("acme").getFirst().lastUsedAt()).isEqualTo(clock.instant());

        clock.advance(Duration.ofHours(1));
        assertThat(keys.signingSecret(id)).isEmpty();
        assertThat(keys.signer(id)).isEmpty();
    }

    @Test
    void a_revoked_signing_pair_signs_nothing() {
        StoredKeys keys = signing("0123456789abcdefghijklmnopqrstuvwxyz");
        Keys.Issued issued = keys.createSigning(key("acme", null));
        assertThat(keys.revoke("acme", issued.key().id())).isTrue();
        assertThat(keys.signingSecret(issued.key().prefix())).isEmpty();
        assertThat(keys.signer(issued.key().prefix())).isEmpty();
    }

    @Test
    void another_master_secret_is_told_from_the_right_one() {
        Keys.Issued issued =
                signing("0123456789abcdefghijklmnopqrstuvwxyz").createSigning(key("acme", null));
        StoredKeys other = signing("zyxwvutsrqponmlkjihgfedcba9876543210");
        assertThat(other.signingSecret(issued.key().prefix())).isEmpty();
        assertThatThrownBy(() -> keys().createSigning(key("acme", null)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> signing("short")).isInstanceOf(IllegalArgumentException.class);
    }

    private StoredKeys signing(String master) {
        StoredKeys keys =
                new StoredKeys(
                        database, clock, new RandomIds(clock, random), random, new Secret(master));
        keys.refresh();
        return keys;
    }
}
