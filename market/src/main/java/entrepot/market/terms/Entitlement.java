package entrepot.market.terms;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Locale;

/**
 * That somebody of a tenant may use some models.
 *
 * @param id {@code ent_…}
 * @param models an id, an alias, {@code vendor/*} or {@code *}
 * @param grantedBy the principal who granted it
 * @param revokedAt null while it is in force
 */
public record Entitlement(
        String id,
        String tenant,
        Holder holder,
        String models,
        Instant grantedAt,
        String grantedBy,
        @Nullable Instant revokedAt,
        @Nullable String revokedBy) {

    /** Whether it held then, as far as was known by {@code known}. */
    boolean inForce(Instant at, Instant known) {
        if (grantedAt.isAfter(at) || grantedAt.isAfter(known)) {
            return false;
        }
        return revokedAt == null || revokedAt.isAfter(at) || revokedAt.isAfter(known);
    }

    /**
     * Who holds an entitlement.
     *
     * @param name of the team or principal; empty for the whole tenant
     */
    public record Holder(Kind kind, String name) {

        public static final Holder EVERYONE = new Holder(Kind.EVERYONE, "");

        /** For people, such as {@code team core}. */
        @Override
        public String toString() {
            return kind == Kind.EVERYONE ? "everyone" : kind.word() + " " + name;
        }
    }

    /** What kind of holder. */
    public enum Kind {
        EVERYONE,
        TEAM,
        PRINCIPAL;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
