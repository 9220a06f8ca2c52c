package entrepot.runtime.session;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.journal.Inbox;
import entrepot.runtime.journal.Letter;
import entrepot.runtime.journal.SessionKey;
import entrepot.runtime.journal.SessionTable;
import entrepot.runtime.session.Sessions.Subagent;
import entrepot.store.Page;
import entrepot.store.Sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the subagents of a session. */
final class SubagentReader {

    private final SessionTable table;
    private final Inbox inbox;

    SubagentReader(SessionTable table, Inbox inbox) {
        this.table = table;
        this.inbox = inbox;
    }

    Page<Subagent> page(Sql sql, SessionKey root, Page.Query query) throws SQLException {
        String after = query.after();
        if (after != null && table.subagent(sql, root, after).isEmpty()) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.INVALID_REQUEST,
                            "There is no subagent " + after + " to list after.",
                            "after"));
        }
        List<Subagent> found = new ArrayList<>();
        for (SessionTable.SubagentRow row : table.subagents(sql, root, query)) {
            found.add(subagent(sql, root.tenant(), row));
        }
        return Page.of(found, query.countMax());
    }

    Optional<Subagent> find(Sql sql, SessionKey root, String subagentId) throws SQLException {
        Optional<SessionTable.SubagentRow> row = table.subagent(sql, root, subagentId);
        return row.isPresent()
                ? Optional.of(subagent(sql, root.tenant(), row.get()))
                : Optional.empty();
    }

    private Subagent subagent(Sql sql, String tenant, SessionTable.SubagentRow found)
            throws SQLException {
        SessionTable.SessionRow row = found.row();
        Fact.Parent parent =
                row.first() instanceof Fact.SessionCreated created ? created.parent() : null;
        if (parent == null) {
            throw new IllegalStateException("Subagent " + row.id() + " has no coordinator.");
        }
        Long closed = found.closedMillis();
        return new Subagent(
                row.id(),
                parent,
                task(sql, new SessionKey(tenant, row.id())),
                row.createdMillis() / 1000,
                closed == null ? null : (Long) (closed / 1000));
    }

    private List<Part> task(Sql sql, SessionKey key) throws SQLException {
        Optional<Letter> first = inbox.first(sql, key);
        return first.isPresent() && first.get() instanceof Letter.Message message
                ? message.item().parts()
                : List.of();
    }
}
