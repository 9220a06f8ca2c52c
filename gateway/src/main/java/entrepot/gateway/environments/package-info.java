/**
 * Environments as the Agents API speaks of them: how they are asked for, how they are shown, and
 * their routes. Begin with {@link entrepot.gateway.environments.EnvironmentsApi}.
 */
@NullMarked
package entrepot.gateway.environments;

import org.jspecify.annotations.NullMarked;
