package entrepot.market.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

final class ChainTest {

    /** What is stored today must still be followed by the versions to come. */
    @Test
    void a_hash_covers_kind_length_and_bytes_of_the_hash_before_the_place_and_each_value()
            throws IOException, GeneralSecurityException {
        var stream = new ByteArrayOutputStream();
        var data = new DataOutputStream(stream);
        text(data, "");
        text(data, "node-1");
        number(data, 1);
        text(data, "Grüße");
        number(data, -2);
        data.writeByte(0);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(stream.toByteArray());

        Chain chain =
                Chain.start("node-1")
                        .next(new RowHash(), new @Nullable Object[] {"Grüße", -2L, null});

        assertThat(chain).isEqualTo(new Chain("node-1", 1, HexFormat.of().formatHex(hash)));
    }

    @Test
    void the_same_row_has_another_hash_at_another_place() {
        @Nullable Object[] row = {"a", 1L};
        Chain first = Chain.start("n").next(new RowHash(), row);
        assertThat(first.next(new RowHash(), row).hash()).isNotEqualTo(first.hash());
    }

    private static void text(DataOutputStream data, String text) throws IOException {
        byte[] letters = text.getBytes(StandardCharsets.UTF_8);
        data.writeByte(1);
        data.writeLong(letters.length);
        data.write(letters);
    }

    private static void number(DataOutputStream data, long number) throws IOException {
        data.writeByte(2);
        data.writeLong(number);
    }
}
