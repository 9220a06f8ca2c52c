/**
 * JSON without loss: reading members by path, and keeping those that nobody asked for.
 *
 * <p>Knows no dialect. {@link entrepot.protocols.json.Json} holds the one mapper and its limits;
 * {@link entrepot.protocols.json.Members} reads an object member by member, and what is left over
 * becomes extras; {@link entrepot.protocols.json.Residue} puts them back.
 */
@NullMarked
package entrepot.protocols.json;

import org.jspecify.annotations.NullMarked;
