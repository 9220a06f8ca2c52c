package entrepot.console;

/**
 * Who looks.
 *
 * @param approvals how many calls wait for somebody's word
 */
public record Viewer(String tenant, String principal, int approvals) {}
