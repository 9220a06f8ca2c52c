/**
 * The tables of sessions: facts, letters that wait in the inbox, pieces of text, and the session
 * row that fences all writers. Every write is a compare-and-set; nothing here decides what to
 * write. Begin with {@link entrepot.runtime.journal.Journal}.
 */
@NullMarked
package entrepot.runtime.journal;

import org.jspecify.annotations.NullMarked;
