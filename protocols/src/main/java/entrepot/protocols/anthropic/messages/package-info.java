/**
 * The Messages API, on both sides of the counter: requests, answers, streams, usage, and the count
 * of tokens.
 *
 * <p>Amazon's and Google's clouds wrap the same bodies: whoever speaks theirs reads and writes with
 * {@link entrepot.protocols.anthropic.messages.MessagesRequests} too. What one API version refuses
 * and another takes lives in a package per version beside this one. Begin with {@link
 * entrepot.protocols.anthropic.messages.MessagesRequests} and {@link
 * entrepot.protocols.anthropic.messages.MessagesStreamReader}.
 */
@NullMarked
package entrepot.protocols.anthropic.messages;

import org.jspecify.annotations.NullMarked;
