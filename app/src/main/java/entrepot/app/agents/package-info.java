/**
 * Commands by which people take part in agents' work. They are printed to and connected by a {@link
 * entrepot.app.books.Desk}. Begin with {@link entrepot.app.agents.ApprovalsCommand}.
 */
@NullMarked
package entrepot.app.agents;

import org.jspecify.annotations.NullMarked;
