/**
 * What a session was: its journal, forks of it, and its turns as traces. Begin with {@link
 * entrepot.gateway.history.HistoryApi}.
 */
@NullMarked
package entrepot.gateway.history;

import org.jspecify.annotations.NullMarked;
