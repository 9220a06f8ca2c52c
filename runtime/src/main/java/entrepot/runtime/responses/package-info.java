/**
 * Responses and conversations that are kept for callers, whichever supplier answered.
 *
 * <p>Here they are stored, found, continued, handed from a node that died to one that lives, and
 * swept when their time is over. Items, events and bodies are JSON text that means nothing here:
 * who speaks the dialect reads and writes it. Begin with {@link
 * entrepot.runtime.responses.ResponseStore} and {@link
 * entrepot.runtime.responses.ConversationStore}.
 */
@NullMarked
package entrepot.runtime.responses;

import org.jspecify.annotations.NullMarked;
