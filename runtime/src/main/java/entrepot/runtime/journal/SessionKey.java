package entrepot.runtime.journal;

/** Which session: tenants never meet, so their name is in every key. */
public record SessionKey(String tenant, String id) {}
