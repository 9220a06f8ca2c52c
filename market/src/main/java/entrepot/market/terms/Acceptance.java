package entrepot.market.terms;

import java.time.Instant;

/**
 * That a tenant agreed.
 *
 * @param terms id of the agreement
 * @param principal who agreed for the tenant
 * @param keyId with which key
 */
public record Acceptance(
        String tenant,
        String terms,
        String version,
        Instant acceptedAt,
        String principal,
        String keyId) {}
