package entrepot.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Who is in which group of access lists. */
abstract class GroupsContract extends OnDatabase {

    @Test
    void aPrincipalIsInTheGroupsOfItsOwnTenantOnly() {
        var groups = new Groups(database, clock);
        assertThat(groups.add("acme", "finance", "alice")).isTrue();
        assertThat(groups.add("acme", "finance", "alice")).as("again").isFalse();
        groups.add("acme", "board", "alice");
        groups.add("globex", "owners", "alice");
        assertThat(groups.of("acme", "alice")).containsExactly("board", "finance");
        assertThat(groups.of("acme", "bob")).isEmpty();
        assertThat(groups.members("globex")).containsExactly(new Groups.Member("owners", "alice"));
        assertThat(groups.remove("globex", "finance", "alice")).isFalse();
        assertThat(groups.remove("acme", "finance", "alice")).isTrue();
        assertThat(groups.of("acme", "alice")).containsExactly("board");
    }

    @Test
    void aNameThatAccessListsCannotHoldIsRefused() {
        var groups = new Groups(database, clock);
        assertThatThrownBy(() -> groups.add("acme", "a:b", "alice"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("group name");
    }
}
