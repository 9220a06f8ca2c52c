/**
 * The command line: one class per command, each saying what it does in its help.
 *
 * <p>Commands that start a server do so through {@code entrepot.app.server}; all others speak to
 * one over HTTP. This is the only package that prints. Begin with {@link
 * entrepot.app.cli.Entrepot}.
 */
@NullMarked
package entrepot.app.cli;

import org.jspecify.annotations.NullMarked;
