package entrepot.knowledge.extraction;

/**
 * What reading one document may cost.
 *
 * @param heapMegabytes of a child process
 * @param millisMax for one document
 * @param charsMax of its text; the rest is left off, and told
 * @param documentsMax after which a child is replaced
 * @param childrenMax at once
 */
public record ExtractionLimits(
        int heapMegabytes, long millisMax, int charsMax, int documentsMax, int childrenMax) {

    public static final ExtractionLimits DEFAULT =
            new ExtractionLimits(256, 60_000, 2_000_000, 500, 2);
}
