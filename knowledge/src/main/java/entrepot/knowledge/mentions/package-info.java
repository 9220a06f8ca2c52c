/**
 * Finds what a sentence mentions that can be compared: dates, figures, names and verbs.
 *
 * <p>Patterns only; no list of companies, people or topics. Whether two mentions agree is not
 * judged here. Begin with {@link entrepot.knowledge.mentions.Mentions}.
 */
@NullMarked
package entrepot.knowledge.mentions;

import org.jspecify.annotations.NullMarked;
