package entrepot.knowledge.index;

/**
 * A passage that was found.
 *
 * @param score from 0 to 1: two parts meaning, one part words
 */
public record Hit(StoredDocument document, Passage passage, double score) {}
