package entrepot.market.contracts.rendering;

import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.Contract;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Dispute;
import entrepot.market.contracts.Members;
import entrepot.market.contracts.TrancheStatus;
import entrepot.market.contracts.Wording;

import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What is in force at one time, with its sources, and who may carry what. */
public record ShowReport(ContractBook book, AsOf asOf) {

    private List<Clause> inForce(Contract contract) {
        return contract.clauses().stream().filter(each -> book.isInForce(each, asOf)).toList();
    }

    public String text() {
        var text = new StringBuilder("In force at " + Wording.time(asOf.at()));
        if (!asOf.known().equals(Instant.MAX) && !asOf.known().equals(asOf.at())) {
            text.append(", as known at ").append(Wording.time(asOf.known()));
        }
        text.append('\n');
        for (Contract contract : book.contracts()) {
            List<Clause> clauses = inForce(contract);
            if (!clauses.isEmpty()) {
                text.append('\n').append(contract.title());
                text.append(" (").append(contract.id()).append(")\n");
                clauses.forEach(clause -> clause(text, clause));
            }
        }
        String grid = Grid.of(book, asOf).text();
        if (!grid.isEmpty()) {
            text.append("\nWho may carry what\n").append(grid);
        }
        funding(text);
        disputes(text);
        return text.toString();
    }

    private void clause(StringBuilder text, Clause clause) {
        text.append("  ").append(Members.kind(clause)).append(' ').append(clause.heading().id());
        text.append(": ").append(clause.heading().says()).append('\n');
        text.append("    ").append(Wording.time(clause.heading().from())).append(" to ");
        text.append(Wording.time(book.end(clause, asOf.known()))).append("; ");
        text.append(clause.heading().source());
        text.append(" (").append(clause.heading().place()).append(")\n");
    }

    private void funding(StringBuilder text) {
        var columns = new Columns("  ");
        for (TrancheStatus each : book.funding(asOf)) {
            columns.row(
                    each.clause().investor() + " → " + each.clause().investee(),
                    each.tranche().id(),
                    each.tranche().amount().toString(),
                    each.state().name().toLowerCase(Locale.ROOT),
                    each.reason());
        }
        if (!columns.isEmpty()) {
            text.append("\nInvestments\n").append(columns.text());
        }
    }

    private void disputes(StringBuilder text) {
        for (Contract contract : book.contracts()) {
            for (Dispute dispute : disputes(contract)) {
                text.append("\nThe sources do not agree on ").append(dispute.member());
                text.append(" of ").append(dispute.subject()).append('\n');
                for (Dispute.Statement each : dispute.statements()) {
                    text.append(each.id().equals(dispute.used()) ? "  * " : "    ");
                    text.append(each.says()).append(": ").append(each.source()).append('\n');
                }
                text.append("    used, because ").append(dispute.because()).append('\n');
            }
        }
    }

    /** Those about what had begun by then and was known, and about documents of such clauses. */
    private List<Dispute> disputes(Contract contract) {
        List<String> begun =
                contract.clauses().stream()
                        .filter(each -> !each.heading().from().isAfter(asOf.at()))
                        .filter(each -> !each.heading().learned().isAfter(asOf.known()))
                        .map(Clause::ref)
                        .toList();
        return contract.disputes().stream()
                .filter(each ->
                        each.subject().contains("/")
                                ? begun.contains(each.subject())
                                : !begun.isEmpty())
                .toList();
    }

    public ObjectNode json() {
        ObjectNode node = Json.object();
        node.put("version", book.version());
        node.put("at", Json.time(asOf.at()));
        node.put("known", Json.time(asOf.known()));
        var clauses = node.putArray("clauses");
        for (Clause clause : book.inForce(asOf)) {
            ObjectNode each = Json.clause(clause);
            each.put("ends", Json.time(book.end(clause, asOf.known())));
            clauses.add(each);
        }
        var cells = node.putArray("carriage");
        Grid.of(book, asOf)
                .rows()
                .forEach((row, line) ->
                        line.forEach((channel, judged) -> {
                            ObjectNode each = cells.addObject();
                            each.put("models", row.models());
                            each.put("new", row.comingOut());
                            each.put("api", row.apiWord());
                            each.put("sold_by", row.seller());
                            each.put("channel", channel);
                            each.put("allowed", judged.allowed());
                            if (judged.deciding() != null) {
                                each.put("clause", judged.deciding().ref());
                            }
                        }));
        var tranches = node.putArray("investments");
        for (TrancheStatus status : book.funding(asOf)) {
            ObjectNode each = tranches.addObject();
            each.put("clause", status.clause().ref());
            each.put("tranche", status.tranche().id());
            each.put("amount", status.tranche().amount().toString());
            each.put("state", status.state().name().toLowerCase(Locale.ROOT));
            each.put("reason", status.reason());
        }
        var disputes = node.putArray("disputes");
        book.contracts()
                .forEach(contract ->
                        disputes(contract)
                                .forEach(each -> disputes.add(Json.dispute(contract, each))));
        return node;
    }
}
