package entrepot.identity;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Keeps a server that anybody can enter from being reached by anybody. */
public final class Exposure {

    private Exposure() {}

    /**
     * Refuses to listen beyond this machine while a key in force can be guessed, such as one from
     * an example.
     *
     * @param host the name or address to listen on
     * @param guessable what {@link StoredKeys#guessable} says
     * @throws IllegalStateException saying which key it is, and what to do
     */
    public static void check(String host, List<String> guessable) {
        if (!guessable.isEmpty() && !loopback(host)) {
            throw new IllegalStateException(
                    "Refusing to listen on "
                            + host
                            + ": the key that begins with '"
                            + guessable.getFirst()
                            + "' can be guessed. Make a key, revoke that one and start again, or"
                            + " listen on 127.0.0.1.");
        }
    }

    private static boolean loopback(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return !host.isEmpty();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
