/**
 * The procedure of a right of first refusal: capacity is offered to the holder, who answers or lets
 * the window pass; each step is a dated record that is never changed. What the records mean is said
 * by the contracts. Begin with {@link entrepot.market.capacity.notices.Notices}.
 */
@NullMarked
package entrepot.market.capacity.notices;

import org.jspecify.annotations.NullMarked;
