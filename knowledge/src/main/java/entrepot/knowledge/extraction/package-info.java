/**
 * Bytes to text: what a document says, with its title and where its pages begin.
 *
 * <p>Plain text and Markdown are taken as they are, so that what is quoted from them stands in the
 * file. Everything else is parsed in a child process with limits, since parsing what strangers
 * wrote is dangerous: what crashes, hangs or fills it is one document's error. Begin with {@link
 * entrepot.knowledge.extraction.Extractor}.
 */
@NullMarked
package entrepot.knowledge.extraction;

import org.jspecify.annotations.NullMarked;
