package entrepot.runtime.memory;

import entrepot.identity.Caller;

import org.jspecify.annotations.Nullable;

/**
 * Whose stores may be seen: those of one team, or of the whole tenant.
 *
 * @param team null for all
 */
public record Viewer(String tenant, @Nullable String team) {

    /** Keys see their team's stores; keys that administer see the tenant's. */
    public static Viewer of(Caller caller) {
        return new Viewer(caller.tenant(), caller.may(Caller.Scope.ADMIN) ? null : caller.team());
    }
}
