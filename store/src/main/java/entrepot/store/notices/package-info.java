/**
 * Words between processes on one database, as hints. What a word is about lives elsewhere. Begin
 * with {@link entrepot.store.notices.Notices}.
 */
@NullMarked
package entrepot.store.notices;

import org.jspecify.annotations.NullMarked;
