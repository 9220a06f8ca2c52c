package entrepot.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

class CutsTest {

    @Test
    void everyPositionOfEveryStreamIsACutAndThePiecesAreTheWhole() {
        for (int length : new int[] {1, 2, 500, 5_000, 20_001}) {
            byte[] stream = "é".repeat(length).substring(0, length).getBytes(UTF_8);
            var cuts = new HashSet<Integer>();
            Cuts.same(
                    "stream",
                    stream,
                    pieces -> {
                        int at = 0;
                        for (byte[] piece : pieces) {
                            cuts.add(at);
                            at += piece.length;
                        }
                        return at;
                    });
            assertThat(cuts).as("%d letters", length).hasSizeGreaterThanOrEqualTo(stream.length);
        }
    }

    @Test
    void aReadingThatDecodesPieceByPieceIsFound() {
        byte[] stream = ("data: " + "x".repeat(9_000) + "é\n\n").getBytes(UTF_8);
        assertThatThrownBy(() -> Cuts.same("broken", stream, CutsTest::decodedApart))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("broken cut at");
    }

    @Test
    void aReadingThatFailsIsFoundWithItsPlace() {
        byte[] stream = new byte[200];
        assertThatThrownBy(() ->
                        Cuts.same(
                                "short",
                                stream,
                                pieces -> {
                                    if (pieces.getFirst().length == 150) {
                                        throw new IllegalStateException("here");
                                    }
                                    return 0;
                                }))
                .hasMessage("short cut at 150: here");
    }

    @Test
    void whereCuttingHurtsIsKnown() {
        byte[] stream = "a\r\n\r\né\n".getBytes(UTF_8);
        assertThat(Cuts.sore(stream)).containsExactly(2, 3, 4, 5, 6, 7);
        byte[] longer = ("x".repeat(50_000) + "é\n").getBytes(UTF_8);
        assertThat(Cuts.some(longer)).contains(50_001, 50_002).hasSizeLessThan(40);
    }

    private static String decodedApart(List<byte[]> pieces) {
        var text = new ArrayList<String>();
        pieces.forEach(piece -> text.add(new String(piece, UTF_8)));
        return String.join("", text);
    }
}
