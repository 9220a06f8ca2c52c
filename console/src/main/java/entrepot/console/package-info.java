/** Placeholder until the first real code of the module lands. */
@org.jspecify.annotations.NullMarked
package entrepot.console;
