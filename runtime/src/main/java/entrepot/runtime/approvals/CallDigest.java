package entrepot.runtime.approvals;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What an approval binds: SHA-256 over everything that makes a call this call, in hex. */
public final class CallDigest {

    private CallDigest() {}

    /** Each part is preceded by its length, so that no two calls give the same bytes. */
    public static String of(ToolPolicy.Use use, String turnId, String callId) {
        MessageDigest digest = sha256();
        for (String part :
                new String[] {
                    use.tenant(),
                    use.sessionId(),
                    use.agentId(),
                    turnId,
                    callId,
                    use.server(),
                    use.tool(),
                    use.arguments()
                }) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
