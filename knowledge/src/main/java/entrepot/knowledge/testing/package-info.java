/**
 * Stands in for the slow parts of knowledge in tests. Main code never uses it. Begin with {@link
 * entrepot.knowledge.testing.WordCountEmbedder}.
 */
@NullMarked
package entrepot.knowledge.testing;

import org.jspecify.annotations.NullMarked;
