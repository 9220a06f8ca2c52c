/**
 * The dialects of vendors and callers: both sides of each counter.
 *
 * <p>Each dialect has a package that reads and writes its wire form from and to {@link
 * entrepot.conversation}. Everything here is a pure function of bytes: no socket is opened, no
 * clock read and no id made. Begin with {@code openai.chat}; {@code json} holds what every dialect
 * needs to read JSON without losing a member.
 */
@NullMarked
package entrepot.protocols;

import org.jspecify.annotations.NullMarked;
