/**
 * Items, their contents and tools: between the wire of Responses and the canonical record.
 *
 * <p>Both whole bodies and streams are made of them. Begin with {@link
 * entrepot.protocols.openai.responses.items.ItemReader}; {@link
 * entrepot.protocols.openai.responses.items.Form} tells what the extras remember, {@link
 * entrepot.protocols.openai.responses.items.ToolNames} how tools that others have no word for are
 * called there. Nothing here knows the bodies around items.
 */
@NullMarked
package entrepot.protocols.openai.responses.items;

import org.jspecify.annotations.NullMarked;
