/**
 * Bodies of company data as their owners keep them: folders, git repositories, databases, web sites
 * and object stores. Each is read through one {@link entrepot.knowledge.sources.Connector}, which
 * lists what there is and reads one document at a time; nothing is ever written to a source.
 *
 * <p>What the bytes mean is not known here, nor what was read before. Begin with {@link
 * entrepot.knowledge.sources.Connector}.
 */
@NullMarked
package entrepot.knowledge.sources;

import org.jspecify.annotations.NullMarked;
