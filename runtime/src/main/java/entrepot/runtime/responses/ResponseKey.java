package entrepot.runtime.responses;

/** Which response, and whose. */
public record ResponseKey(String tenant, String id) {}
