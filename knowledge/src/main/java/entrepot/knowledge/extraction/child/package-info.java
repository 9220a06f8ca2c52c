/**
 * What runs in the child process: parsers of PDF, HTML and Office Open XML behind standard input
 * and output. It opens no file and no connection, and gives nothing back but text. Begin with
 * {@link entrepot.knowledge.extraction.child.Child}.
 */
@NullMarked
package entrepot.knowledge.extraction.child;

import org.jspecify.annotations.NullMarked;
