package entrepot.gateway.storefronts;

import entrepot.http.Exchange;
import entrepot.protocols.Frame;
import entrepot.protocols.google.gemini.GeminiArray;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * One JSON array, whose elements come one by one: what Google's streams are unless a caller asks
 * for {@code alt=sse}. For one call.
 */
final class GeminiArrayFraming implements Framing {

    private final GeminiArray array = new GeminiArray();

    @Override
    public String contentType() {
        return "application/json; charset=UTF-8";
    }

    @Override
    public byte[] bytes(List<Frame> frames) {
        var all = new ByteArrayOutputStream();
        frames.forEach(frame -> all.writeBytes(array.element(frame.data())));
        return all.toByteArray();
    }

    @Override
    public byte[] end() {
        return array.end();
    }

    /** A supplier's server-sent events become the elements. */
    @Override
    public Exchange.Filter relayed(Exchange.Filter filter) {
        return new Exchange.Filter() {
            @Override
            public byte[] chunk(byte[] bytes) {
                return array.chunk(filter.chunk(bytes));
            }

            @Override
            public byte[] end() {
                return both(array.chunk(filter.end()), array.end());
            }

            @Override
            public byte[] broken(Exchange.End how) {
                return both(array.chunk(filter.broken(how)), array.end());
            }
        };
    }

    private static byte[] both(byte[] first, byte[] second) {
        var both = new ByteArrayOutputStream(first.length + second.length);
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }
}
