package entrepot.market.statements.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.ledger.rollups.Dimension;
import entrepot.market.ledger.rollups.Rows;
import entrepot.market.ledger.rollups.UsageRow;
import entrepot.market.statements.reconcile.Reconciliation.Cause;
import entrepot.market.statements.sheet.Csv;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

final class ReconciliationTest {

    @Test
    void whatDiffersIsListedWithItsProbableCause() throws Exception {
        List<InvoiceLine> invoice =
                InvoiceLine.read(
                        """
                        model,meter,quantity,amount,currency
                        same,output,100,1.50,USD
                        price,output,100,2,USD
                        quantity,output,120,1.8,USD
                        only-invoiced,,,3,USD
                        currency,,,1,EUR
                        unpriced,,50,0.4,USD
                        """);
        List<UsageRow> ledger =
                List.of(
                        row("same", "1.5", 100),
                        row("price", "1.5", 100),
                        row("quantity", "1.5", 100),
                        row("only-booked", "0.25", 10),
                        row("currency", "1.1", 10),
                        row("unpriced", null, 50));
        var reconciliation = Reconciliation.of(invoice, ledger, Money.of("10", "USD"));
        assertThat(reconciliation.differences())
                .extracting(Reconciliation.Difference::model, Reconciliation.Difference::cause)
                .containsExactlyInAnyOrder(
                        tuple("price", Cause.PRICE),
                        tuple("quantity", Cause.QUANTITY),
                        tuple("only-invoiced", Cause.NOT_IN_LEDGER),
                        tuple("only-booked", Cause.NOT_INVOICED),
                        tuple("currency", Cause.CURRENCY),
                        tuple("currency", Cause.CURRENCY),
                        tuple("unpriced", Cause.UNPRICED));
        assertThat(reconciliation.sheet().text())
                .contains("output: 120 invoiced, 100 booked")
                .contains("0.3");
        assertThat(reconciliation.exceeds()).isTrue();
    }

    @Test
    void aDifferenceUpToTheToleranceIsListedAndDoesNotExceed() throws Exception {
        List<InvoiceLine> invoice = InvoiceLine.read("amount,currency,model\n1.51,USD,m\n");
        List<UsageRow> ledger = List.of(row("m", "1.50", 1));
        assertThat(Reconciliation.of(invoice, ledger, Money.of("0.01", "USD")).exceeds()).isFalse();
        assertThat(Reconciliation.of(invoice, ledger, Money.of("0.01", "USD")).differences())
                .hasSize(1);
        assertThat(Reconciliation.of(invoice, ledger, Money.of("0.009", "USD")).exceeds()).isTrue();
        assertThat(Reconciliation.of(List.of(), List.of(), Money.zero("USD")).exceeds()).isFalse();
    }

    @Test
    void aBadInvoiceSaysWhere() {
        assertThatThrownBy(() -> InvoiceLine.read("model,amount\nm,1\n"))
                .isInstanceOf(Csv.Malformed.class)
                .hasMessageContaining("currency");
        assertThatThrownBy(() -> InvoiceLine.read("model,amount,currency\nm,1,USD\nm,\"$1\",USD\n"))
                .hasMessageContaining("line 3, amount");
        assertThatThrownBy(() -> InvoiceLine.read("model,amount,currency\nm,1\n"))
                .hasMessageContaining("Record 2 has 2 fields");
    }

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.groups.Tuple.tuple(values);
    }

    private static UsageRow row(String model, @Nullable String cost, long output) {
        return Rows.of(
                "2026-10-01",
                Map.of(Dimension.MODEL, model),
                cost,
                null,
                Map.of(Meter.OUTPUT, output));
    }
}
