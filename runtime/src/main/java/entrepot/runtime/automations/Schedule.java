package entrepot.runtime.automations;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;

/** When an automation falls due. */
public sealed interface Schedule {

    /** The first time after one, in ms since 1970; null when there is none. */
    @Nullable Long nextMillis(long afterMillis);

    /**
     * Again and again. A local time that a change of clocks leaves out is left out; one that comes
     * twice is taken once.
     *
     * @param expression five fields: minute, hour, day of month, month, day of week
     * @param timezone an IANA name, such as {@code Europe/Berlin}
     */
    record Periodic(String expression, String timezone) implements Schedule {

        private static final int EXPRESSION_CHARS_MAX = 256;

        public Periodic {
            cron(expression);
            zone(timezone);
        }

        private static Cron cron(String expression) {
            if (expression.length() > EXPRESSION_CHARS_MAX) {
                throw new IllegalArgumentException(
                        "a cron expression has at most " + EXPRESSION_CHARS_MAX + " characters");
            }
            return new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                    .parse(expression);
        }

        private static ZoneId zone(String timezone) {
            try {
                return ZoneId.of(timezone);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(
                        "'" + timezone + "' is not an IANA time zone, such as Europe/Berlin", e);
            }
        }

        @Override
        public @Nullable Long nextMillis(long afterMillis) {
            return ExecutionTime.forCron(cron(expression))
                    .nextExecution(Instant.ofEpochMilli(afterMillis).atZone(zone(timezone)))
                    .map(time -> time.toInstant().toEpochMilli())
                    .orElse(null);
        }
    }

    /**
     * One time.
     *
     * @param runAtSeconds in s since 1970
     */
    record Once(long runAtSeconds) implements Schedule {

        private static final long SECONDS_MAX = 253_402_300_799L;

        public Once {
            if (runAtSeconds < 0 || runAtSeconds > SECONDS_MAX) {
                throw new IllegalArgumentException(
                        "it must be Unix seconds, before the year 10000");
            }
        }

        @Override
        public @Nullable Long nextMillis(long afterMillis) {
            long millis = runAtSeconds * 1000;
            return millis > afterMillis ? millis : null;
        }
    }
}
