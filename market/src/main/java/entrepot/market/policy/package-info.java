/**
 * Policies (gate {@code policy}): who may call which model, how and where, and which tools agents
 * may use, in <a href="https://docs.cedarpolicy.com">Cedar</a>. One folder of {@code *.cedar} files
 * is one snapshot; it is checked against a schema of ours, decides with Cedar's own engine, and
 * remembers what it decided of calls.
 *
 * <p>Only {@code Cedar} and {@code Engine} know Cedar's classes, and nothing native is loaded
 * before there is a policy. When it cannot be loaded, nothing passes. Begin with {@link
 * entrepot.market.policy.PolicyFolder}, {@link entrepot.market.policy.PolicyGate} and {@link
 * entrepot.market.policy.ToolGate}.
 */
@NullMarked
package entrepot.market.policy;

import org.jspecify.annotations.NullMarked;
