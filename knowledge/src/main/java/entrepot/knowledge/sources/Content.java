package entrepot.knowledge.sources;

/**
 * A document's bytes at one revision.
 *
 * @param revision names these bytes within the source, such as a commit, an ETag or a hash
 * @param contentType as the source says, such as {@code text/html}; empty when it does not say
 */
public record Content(byte[] bytes, String revision, String contentType) {}
