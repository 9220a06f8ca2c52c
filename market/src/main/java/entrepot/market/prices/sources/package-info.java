/**
 * Makes a price list of the files that others publish: genai-prices first, LiteLLM where that says
 * nothing, models.dev for what models can do. An operator's tool; nothing here runs while serving.
 * Begin with {@link entrepot.market.prices.sources.PriceImport}.
 */
@NullMarked
package entrepot.market.prices.sources;

import org.jspecify.annotations.NullMarked;
