/**
 * The OpenAI Agents API ({@code /v1/agents/…}): one projection of the runtime's journal.
 *
 * <p>Requests are read strictly and become calls on {@code entrepot.runtime}; facts and views
 * become the objects and events that the official SDKs' types demand (npm {@code openai} 7.55.0,
 * Maven {@code openai-java} 4.98.0). Nothing is decided or stored here. Begin with {@link
 * entrepot.gateway.agents.AgentsApi}, and with {@link entrepot.gateway.agents.EventProjector} for
 * the stream.
 */
@NullMarked
package entrepot.gateway.agents;

import org.jspecify.annotations.NullMarked;
