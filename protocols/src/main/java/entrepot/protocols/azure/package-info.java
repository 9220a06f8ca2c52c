/**
 * Where Azure's OpenAI differs from OpenAI: how failures are told.
 *
 * <p>Everything else is OpenAI's own, with members beside it (content filters) that pass as what
 * they are. Begin with {@link entrepot.protocols.azure.AzureErrors}. The foreign facts are from
 * Azure's answers as they were recorded.
 */
@NullMarked
package entrepot.protocols.azure;

import org.jspecify.annotations.NullMarked;
