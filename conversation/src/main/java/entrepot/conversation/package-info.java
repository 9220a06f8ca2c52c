/**
 * The words everyone speaks: one canonical conversation between the dialects.
 *
 * <p>Here live requests, messages, parts, tools, the events of a streamed answer, usage and
 * failures. Nothing here reads or writes a wire, opens a socket or reads a clock. What a dialect
 * says and we have no word for survives as {@link entrepot.conversation.Part.Unknown}, {@link
 * entrepot.conversation.Event.Unknown} or {@link entrepot.conversation.Extras}. Begin with {@link
 * entrepot.conversation.Request} and {@link entrepot.conversation.Event}.
 */
@NullMarked
package entrepot.conversation;

import org.jspecify.annotations.NullMarked;
