/**
 * Automations of the Agents API and their invocations. Begin with {@link
 * entrepot.gateway.automations.AutomationsApi}.
 */
@NullMarked
package entrepot.gateway.automations;

import org.jspecify.annotations.NullMarked;
