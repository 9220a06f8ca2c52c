package entrepot.knowledge.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class CurvesTest {

    @Test
    void theExponentialIsWithinAFewUnitsOfTheLastPlace() {
        for (float x = 0; x > -80; x -= 0.01f) {
            double exact = StrictMath.exp(x);
            assertThat((double) Curves.exp(x)).isEqualTo(exact, within(exact * 6e-6));
        }
        assertThat(Curves.exp(-1000f)).isBetween(0f, 1e-37f);
    }

    @Test
    void geluIsTheNormalDistributionTimesX() {
        for (float x = -8; x < 8; x += 0.01f) {
            float[] row = {x};
            Curves.gelu(row);
            assertThat((double) row[0]).isEqualTo(x * normal(x), within(4e-6));
        }
    }

    @Test
    void softmaxAddsUpToOneAndKeepsTheOrder() {
        float[] row = {1, 3, -200, 2.5f, 3, 0, -1};
        Curves.softmax(row);
        assertThat(Curves.sum(row)).isEqualTo(1f, within(1e-6f));
        assertThat(row[1]).isEqualTo(row[4]).isGreaterThan(row[3]).isGreaterThan(row[0]);
    }

    /** The cumulative normal distribution by Simpson's rule. */
    private static double normal(double x) {
        int steps = 400;
        double width = x / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double t = i * width;
            int weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * StrictMath.exp(-t * t / 2);
        }
        return 0.5 + sum * width / 3 / StrictMath.sqrt(2 * StrictMath.PI);
    }
}
