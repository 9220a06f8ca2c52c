/**
 * What comes next in a session: a pure fold over its facts and a pure decision over that. No clock,
 * no chance, no socket, no table. Begin with {@link entrepot.runtime.turn.TurnState} and {@link
 * entrepot.runtime.turn.Decision}.
 */
@NullMarked
package entrepot.runtime.turn;

import org.jspecify.annotations.NullMarked;
