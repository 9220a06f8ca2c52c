package entrepot.market.capacity.notices;

import entrepot.market.contracts.Occurrence.Outcome;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rows of notices and their answers: only ever added to. */
final class NoticeTable {

    private static final String SELECT =
            """
            select n.id, n.tenant, n.clause, n.seller, n.purchase, n.document, n.offered_millis,
              n.deadline_millis, n.recorded_millis, n.recorded_by, a.outcome,
              a.document as answer_document, a.answered_millis,
              a.recorded_millis as answer_recorded_millis, a.recorded_by as answer_recorded_by
            from capacity_notice n
            left join capacity_answer a on a.tenant = n.tenant and a.notice = n.id
            where n.tenant = ?
            """;

    private NoticeTable() {}

    static void insert(Sql sql, Notice notice) throws SQLException {
        Instant deadline = notice.deadline();
        sql.update(
                """
                insert into capacity_notice (tenant, id, clause, seller, purchase, document,
                  offered_millis, deadline_millis, recorded_millis, recorded_by)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                notice.tenant(),
                notice.id(),
                notice.clause(),
                notice.seller(),
                notice.purchase(),
                notice.document(),
                notice.offeredAt().toEpochMilli(),
                deadline == null ? null : (Long) deadline.toEpochMilli(),
                notice.recordedAt().toEpochMilli(),
                notice.recordedBy());
    }

    /** Returns whether there was none yet. */
    static boolean insert(Sql sql, String tenant, String notice, Notice.Answer answer)
            throws SQLException {
        return sql.update(
                        """
                        insert into capacity_answer (tenant, notice, outcome, document,
                          answered_millis, recorded_millis, recorded_by)
                        values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing
                        """,
                        tenant,
                        notice,
                        answer.outcome().name(),
                        answer.document(),
                        answer.answeredAt().toEpochMilli(),
                        answer.recordedAt().toEpochMilli(),
                        answer.recordedBy())
                == 1;
    }

    static Optional<Notice> find(Sql sql, String tenant, String id) throws SQLException {
        return sql.one(SELECT + " and n.id = ?", NoticeTable::row, tenant, id);
    }

    /** The newest first. */
    static List<Notice> latest(Sql sql, String tenant, int countMax) throws SQLException {
        return sql.query(
                SELECT + " order by n.offered_millis desc, n.id desc limit ?",
                NoticeTable::row,
                tenant,
                countMax);
    }

    /**
     * Those of one clause and seller, oldest first.
     *
     * @param purchase null for all
     */
    static List<Notice> of(
            Sql sql, String tenant, String clause, String seller, @Nullable String purchase)
            throws SQLException {
        String order = " order by n.offered_millis, n.id";
        return purchase == null
                ? sql.query(
                        SELECT + " and n.clause = ? and n.seller = ?" + order,
                        NoticeTable::row,
                        tenant,
                        clause,
                        seller)
                : sql.query(
                        SELECT + " and n.clause = ? and n.seller = ? and n.purchase = ?" + order,
                        NoticeTable::row,
                        tenant,
                        clause,
                        seller,
                        purchase);
    }

    private static Notice row(Sql.Row row) throws SQLException {
        String outcome = row.textIf("outcome").orElse(null);
        return new Notice(
                row.text("id"),
                row.text("tenant"),
                row.text("clause"),
                row.text("seller"),
                row.text("purchase"),
                row.text("document"),
                Instant.ofEpochMilli(row.number("offered_millis")),
                row.numberIf("deadline_millis").map(Instant::ofEpochMilli).orElse(null),
                Instant.ofEpochMilli(row.number("recorded_millis")),
                row.text("recorded_by"),
                outcome == null
                        ? null
                        : new Notice.Answer(
                                Outcome.valueOf(outcome),
                                row.text("answer_document"),
                                Instant.ofEpochMilli(row.number("answered_millis")),
                                Instant.ofEpochMilli(row.number("answer_recorded_millis")),
                                row.text("answer_recorded_by")));
    }
}
