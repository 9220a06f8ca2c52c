/**
 * Durable agent sessions: input is journalled before it is acknowledged, a pure decision over the
 * journal says what comes next, and whatever was accepted survives the death of any process.
 *
 * <p>Knows no surface: the Agents API, the console and the command line all read the same facts.
 * Buys its model calls from the market like any customer. Begin with {@link
 * entrepot.runtime.session.Sessions}, then {@link entrepot.runtime.facts.Fact}.
 */
@NullMarked
package entrepot.runtime;

import org.jspecify.annotations.NullMarked;
