/**
 * Tables for people and programs: text, CSV (RFC 4180) and JSON. Knows no word of the trade. Begin
 * with {@link entrepot.market.statements.sheet.Sheet}.
 */
@NullMarked
package entrepot.market.statements.sheet;

import org.jspecify.annotations.NullMarked;
