package entrepot.knowledge.index;

/**
 * Which passage of which state of a document.
 *
 * @param change the document's, when the passage was indexed
 */
record PassageKey(SourceKey source, String document, int ordinal, long change) {}
