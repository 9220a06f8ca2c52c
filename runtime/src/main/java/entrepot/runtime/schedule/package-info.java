/**
 * Who works on which session now: nodes that prove they live, claims that one statement grants, and
 * three independent ways in which work is found again when its owner is gone. Safety never rests on
 * a lease; the journal's fence gives it. Begin with {@link entrepot.runtime.schedule.Scheduler}.
 */
@NullMarked
package entrepot.runtime.schedule;

import org.jspecify.annotations.NullMarked;
