package entrepot.console;

/** Who looks. */
public record Viewer(String tenant, String principal) {}
