package entrepot.market.budgets.limits;

import java.util.Objects;

/**
 * Whose use a limit counts.
 *
 * @param id of the key, principal, team, tenant, project or session; of a tree, its root session's
 */
public record LimitScope(Kind kind, String id) {

    public LimitScope {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(id, "id");
    }

    public enum Kind {
        KEY,
        PRINCIPAL,
        TEAM,
        TENANT,
        PROJECT,
        /** One agent session, without its children. */
        SESSION,
        /** An agent session with its children and theirs. */
        TREE
    }
}
