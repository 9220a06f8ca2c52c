/**
 * Reads YAML so that every complaint has a place: file, line, column, the path of the field, and
 * what would fix it. All complaints of a file are collected, so that it is mended in one go.
 *
 * <p>Knows no word of the trade; what the fields mean is the reader's own affair. Begin with {@link
 * entrepot.market.yaml.YamlFile}.
 */
@NullMarked
package entrepot.market.yaml;

import org.jspecify.annotations.NullMarked;
