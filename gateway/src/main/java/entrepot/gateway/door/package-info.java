/**
 * Admission: which route a request asks for, who asks, whether they may, and how errors are told.
 *
 * <p>A request is matched to a {@link entrepot.gateway.door.Route} first; the matched route, never
 * the address as text, decides what scope is needed. What a route answers lives with its storefront
 * or API, not here. Begin with {@link entrepot.gateway.door.Door}.
 */
@NullMarked
package entrepot.gateway.door;

import org.jspecify.annotations.NullMarked;
