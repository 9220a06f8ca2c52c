package entrepot.market.ledger.rollups;

import entrepot.market.Money;
import entrepot.market.Order;
import entrepot.market.Receipt;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Which bucket. What a receipt does not say is the empty text.
 *
 * @param bucketMillis its begin
 */
record RollupKey(
        String tenant,
        Grain grain,
        long bucketMillis,
        String team,
        String project,
        String model,
        String supplier,
        String channel,
        String region,
        String api,
        String outcome,
        String costCurrency,
        String chargeCurrency) {

    static final String COLUMNS =
            "tenant, grain, bucket_millis, team, project, model, supplier, channel, region, api,"
                    + " outcome, cost_currency, charge_currency";

    private static final String CORRECTED = "corrected";
    private static final Map<Receipt.Outcome, String> OUTCOMES = words(Receipt.Outcome.class);
    private static final Map<Order.ApiKind, String> APIS = words(Order.ApiKind.class);

    /**
     * The hour of a row.
     *
     * @param aboutMillis when the attempt ended that a correction is about; null for an attempt
     */
    static RollupKey ofHour(Receipt receipt, @Nullable Long aboutMillis) {
        long at = receipt.endedAt().toEpochMilli();
        boolean corrected =
                aboutMillis != null && Grain.MONTH.bucket(aboutMillis) != Grain.MONTH.bucket(at);
        var api = receipt.api();
        return new RollupKey(
                receipt.tenant(),
                Grain.HOUR,
                Grain.HOUR.bucket(at),
                receipt.team(),
                said(receipt.project()),
                receipt.model(),
                receipt.supplier(),
                said(receipt.channel()),
                said(receipt.region()),
                api == null ? "" : said(APIS.get(api)),
                corrected ? CORRECTED : said(OUTCOMES.get(receipt.outcome())),
                currency(receipt.cost()),
                currency(receipt.charge()));
    }

    /** The bucket of another grain that holds this one. */
    RollupKey in(Grain larger) {
        return new RollupKey(
                tenant,
                larger,
                larger.bucket(bucketMillis),
                team,
                project,
                model,
                supplier,
                channel,
                region,
                api,
                outcome,
                costCurrency,
                chargeCurrency);
    }

    /** As parameters, in the order of {@link #COLUMNS}. */
    @Nullable Object[] values() {
        return new @Nullable Object[] {
            tenant,
            grain.word(),
            bucketMillis,
            team,
            project,
            model,
            supplier,
            channel,
            region,
            api,
            outcome,
            costCurrency,
            chargeCurrency
        };
    }

    private static String said(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }

    private static String currency(@Nullable Money money) {
        return money == null ? "" : money.currency();
    }

    private static <E extends Enum<E>> Map<E, String> words(Class<E> type) {
        var words = new EnumMap<E, String>(type);
        for (E value : type.getEnumConstants()) {
            words.put(value, value.name().toLowerCase(Locale.ROOT));
        }
        return words;
    }
}
