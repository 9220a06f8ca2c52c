package entrepot.market.contracts.rendering;

import entrepot.market.contracts.Clause;
import entrepot.market.contracts.Contract;
import entrepot.market.contracts.Dispute;
import entrepot.market.contracts.Heading;
import entrepot.market.contracts.Members;
import entrepot.market.contracts.Source;
import entrepot.market.contracts.Wording;
import entrepot.market.yaml.Problem;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Parts of contracts as JSON. */
final class Json {

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ObjectNode clause(Clause clause) {
        ObjectNode node = object();
        Heading heading = clause.heading();
        node.put("clause", heading.ref());
        node.put("file", heading.place().file());
        node.put("line", heading.place().line());
        ObjectNode members = node.putObject("members");
        Members.of(clause).forEach(members::put);
        node.set("source", source(heading.source()));
        return node;
    }

    static ObjectNode source(Source source) {
        ObjectNode node = object();
        node.put("document", source.document().id());
        node.put("title", source.document().title());
        if (source.document().publisher() != null) {
            node.put("publisher", source.document().publisher());
        }
        if (source.document().date() != null) {
            node.put("date", source.document().date().toString());
        }
        if (source.section() != null) {
            node.put("section", source.section());
        }
        if (source.quote() != null) {
            node.put("quote", source.quote());
        }
        String url = source.url() == null ? source.document().url() : source.url();
        if (url != null) {
            node.put("url", url);
        }
        return node;
    }

    static ObjectNode dispute(Contract contract, Dispute dispute) {
        ObjectNode node = object();
        node.put("contract", contract.id());
        node.put("subject", dispute.subject());
        node.put("member", dispute.member());
        var statements = node.putArray("statements");
        for (Dispute.Statement statement : dispute.statements()) {
            ObjectNode each = statements.addObject();
            each.put("id", statement.id());
            each.put("says", statement.says());
            each.set("source", source(statement.source()));
        }
        node.put("used", dispute.used());
        node.put("because", dispute.because());
        return node;
    }

    static ObjectNode problems(List<Problem> problems) {
        ObjectNode node = object();
        node.put("good", problems.isEmpty());
        var list = node.putArray("problems");
        for (Problem problem : problems) {
            ObjectNode each = list.addObject();
            each.put("file", problem.file());
            each.put("line", problem.line());
            each.put("column", problem.column());
            each.put("path", problem.path());
            each.put("message", problem.message());
        }
        return node;
    }

    static String time(java.time.Instant time) {
        return Wording.time(time);
    }
}
