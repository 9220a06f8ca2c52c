package entrepot.market.contracts.rendering;

import entrepot.market.contracts.ContractBook;
import entrepot.market.yaml.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * Whether a set of contracts can be used.
 *
 * @param book null when it cannot
 */
public record CheckReport(@Nullable ContractBook book, List<Problem> problems) {

    public CheckReport {
        problems = List.copyOf(problems);
    }

    public String text() {
        var text = new StringBuilder();
        problems.forEach(problem -> text.append(problem).append('\n'));
        if (book == null) {
            int count = problems.size();
            return text.append(count == 1 ? "1 problem." : count + " problems.")
                    .append('\n')
                    .toString();
        }
        int disputes = book.contracts().stream().mapToInt(each -> each.disputes().size()).sum();
        return text.append(
                        "%d contracts with %d clauses are good (version %s); %d conflicts of"
                                        .formatted(
                                                book.contracts().size(),
                                                book.clauses().size(),
                                                book.version(),
                                                disputes)
                                + " sources are on record.\n")
                .toString();
    }

    public ObjectNode json() {
        ObjectNode node = Json.problems(problems);
        if (book != null) {
            node.put("version", book.version());
            node.put("contracts", book.contracts().size());
            node.put("clauses", book.clauses().size());
        }
        return node;
    }
}
