package entrepot.market.contracts;

import java.util.List;

/**
 * Statements that do not agree, kept side by side. The rules use one of them.
 *
 * @param subject the clause ({@code contract/clause}) or the document (its id) it is about
 * @param member which of its members, such as {@code total} or {@code date}
 * @param used the id of the statement that is used
 * @param because why that one
 */
public record Dispute(
        String contract,
        String subject,
        String member,
        List<Statement> statements,
        String used,
        String because,
        Place place) {

    public Dispute {
        statements = List.copyOf(statements);
    }

    /**
     * What one source says.
     *
     * @param says the member's value according to it
     */
    public record Statement(String id, String says, Source source) {}

    /** The statement that the rules use. */
    public Statement inUse() {
        return statements.stream()
                .filter(statement -> statement.id().equals(used))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no statement is called " + used));
    }
}
