/**
 * Bedrock's InvokeModel, where the bodies of several makers come together: no dialect may know
 * another, and here they meet.
 *
 * <p>Pure, as the dialects are. Begin with {@link entrepot.market.bedrock.InvokeDialect}.
 */
@NullMarked
package entrepot.market.bedrock;

import org.jspecify.annotations.NullMarked;
