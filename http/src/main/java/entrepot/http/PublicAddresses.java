package entrepot.http;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses are of the public internet: what a client that is told where to call by others
 * may reach. Everything that IANA's special-purpose registries keep from global reach is not, nor
 * are IPv6 addresses that stand for such an IPv4 one.
 *
 * @see ClientSettings#reachable
 */
public final class PublicAddresses {

    /** IANA IPv4 Special-Purpose Address Registry, with multicast and what is reserved. */
    private static final List<Block> INNER_4 =
            List.of(
                    block("0.0.0.0", 8),
                    block("10.0.0.0", 8),
                    block("100.64.0.0", 10),
                    block("127.0.0.0", 8),
                    block("169.254.0.0", 16),
                    block("172.16.0.0", 12),
                    block("192.0.0.0", 24),
                    block("192.0.2.0", 24),
                    block("192.88.99.0", 24),
                    block("192.168.0.0", 16),
                    block("198.18.0.0", 15),
                    block("198.51.100.0", 24),
                    block("203.0.113.0", 24),
                    block("224.0.0.0", 3));

    private static final Block GLOBAL_6 = block("2000::", 3);

    /** Of 2000::/3: documentation, benchmarks, ORCHID, Teredo and 6to4. */
    private static final List<Block> INNER_6 =
            List.of(
                    block("2001::", 23),
                    block("2001:db8::", 32),
                    block("2002::", 16),
                    block("3fff::", 20));

    private PublicAddresses() {}

    private record Block(byte[] start, int bits) {

        private boolean holds(byte[] address) {
            if (address.length != start.length) {
                return false;
            }
            int whole = bits / Byte.SIZE;
            if (!Arrays.equals(address, 0, whole, start, 0, whole)) {
                return false;
            }
            int rest = bits % Byte.SIZE;
            int mask = 0xff << (Byte.SIZE - rest) & 0xff;
            return rest == 0 || (address[whole] & mask) == (start[whole] & mask);
        }
    }

    private static Block block(String start, int bits) {
        try {
            return new Block(InetAddress.getByName(start).getAddress(), bits);
        } catch (UnknownHostException e) {
            throw new AssertionError("a literal address needs no resolver", e);
        }
    }

    public static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        return switch (address) {
            case Inet4Address _ -> INNER_4.stream().noneMatch(block -> block.holds(bytes));
            case Inet6Address _ ->
                    GLOBAL_6.holds(bytes)
                            && INNER_6.stream().noneMatch(block -> block.holds(bytes));
            default -> false;
        };
    }
}
