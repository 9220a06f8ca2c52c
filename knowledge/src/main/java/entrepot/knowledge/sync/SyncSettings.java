package entrepot.knowledge.sync;

/**
 * How sources are read.
 *
 * @param sourcesMax read at once on this node
 * @param documentsMax read at once of one source
 * @param lookMillis how often it is looked whether one is due
 * @param leaseMillis how long a node that stopped dead keeps others from going on
 * @param beatMillis how often a pass tells how far it is, and renews its lease
 * @param retryMillis after a pass that failed, at first; each further one doubles it
 */
public record SyncSettings(
        int sourcesMax,
        int documentsMax,
        long lookMillis,
        long leaseMillis,
        long beatMillis,
        long retryMillis) {

    public static final SyncSettings DEFAULT = new SyncSettings(2, 2, 1_000, 30_000, 1_000, 30_000);
}
