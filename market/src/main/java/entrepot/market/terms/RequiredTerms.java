package entrepot.market.terms;

import org.jspecify.annotations.Nullable;

/**
 * The version of an agreement that a tenant must have accepted to use a model.
 *
 * @param id names the agreement in all its versions
 * @param url where the text can be read; null when nobody said
 * @param source what demands it, such as {@code terms of acme/* in the catalogue} or {@code
 *     contract/clause}
 */
public record RequiredTerms(
        String id, String version, String title, @Nullable String url, String source) {}
