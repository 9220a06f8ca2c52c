package entrepot.runtime.vaults;

import entrepot.identity.Secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals texts with AES-256-GCM. What is sealed names the key it was sealed with, and opens only in
 * the place it was sealed for.
 *
 * <p>The nonce is made from the key, the place and the text, so that the same text in the same
 * place is sealed alike (as RFC 8452 does it): a request that comes twice can be known by what is
 * stored of it, and a nonce never serves two texts.
 */
public final class Sealer {

    public static final int KEY_BYTES = 32;

    private static final String VERSION = "1";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    /** A key, its name and what nonces are made from. */
    private record Key(String id, SecretKeySpec cipher, SecretKeySpec nonces) {}

    /** What cannot be opened: sealed with a key that is not here, or for another place. */
    public static final class CannotOpen extends Exception {
        private static final long serialVersionUID = 1L;

        private CannotOpen(String message) {
            super(message);
        }
    }

    private final Map<String, Key> keys = new LinkedHashMap<>();
    private final Key current;

    /**
     * @param text keys of 32 bytes in base64, one a line or parted by commas: the first seals, all
     *     open
     * @throws IllegalArgumentException when one is none
     */
    public Sealer(Secret text) {
        List<Key> all = new ArrayList<>();
        for (String each : text.reveal().split("[,\\s]+", -1)) {
            if (!each.isEmpty()) {
                all.add(key(each));
            }
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException("a vault key is missing: give 32 bytes in base64");
        }
        all.forEach(key -> keys.put(key.id(), key));
        current = all.getFirst();
    }

    /** A new key, as {@link #Sealer} takes it. */
    public static Secret newKey(RandomGenerator secureRandom) {
        byte[] bytes = new byte[KEY_BYTES];
        secureRandom.nextBytes(bytes);
        return new Secret(Base64.getEncoder().encodeToString(bytes));
    }

    private static Key key(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a vault key is not base64");
        }
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a vault key has " + bytes.length + " bytes; it must have " + KEY_BYTES);
        }
        return new Key(
                HexFormat.of().formatHex(hash("id", bytes), 0, 6),
                new SecretKeySpec(bytes, "AES"),
                new SecretKeySpec(hash("nonce", bytes), "HmacSHA256"));
    }

    private static byte[] hash(String use, byte[] key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(("entrepot vault key " + use + "\n").getBytes(StandardCharsets.UTF_8));
            return digest.digest(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no SHA-256.", e);
        }
    }

    /** The name of the key that seals now. */
    public String keyId() {
        return current.id();
    }

    /** The name of the key that something was sealed with. */
    public static String keyId(String sealed) {
        String[] parts = sealed.split("\\.", -1);
        return parts.length == 3 ? parts[1] : "";
    }

    /**
     * @param place where it is kept, with the tenant in it
     */
    public String seal(String place, String text) {
        try {
            byte[] plain = text.getBytes(StandardCharsets.UTF_8);
            byte[] bound = place.getBytes(StandardCharsets.UTF_8);
            byte[] nonce = nonce(bound, plain);
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, current, nonce, bound).doFinal(plain);
            byte[] all =
                    ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
            return VERSION
                    + "."
                    + current.id()
                    + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no AES-256-GCM.", e);
        }
    }

    private byte[] nonce(byte[] place, byte[] text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(current.nonces());
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(place.length).array());
        mac.update(place);
        return Arrays.copyOf(mac.doFinal(text), NONCE_BYTES);
    }

    /**
     * @throws CannotOpen when it was sealed with another key, for another place, or has changed
     */
    public String open(String place, String sealed) throws CannotOpen {
        String[] parts = sealed.split("\\.", -1);
        Key key = parts.length == 3 && parts[0].equals(VERSION) ? keys.get(parts[1]) : null;
        if (key == null) {
            throw new CannotOpen(
                    "The vault key " + keyId(sealed) + " is not here: give it beside the new one.");
        }
        try {
            byte[] all = Base64.getUrlDecoder().decode(parts[2]);
            byte[] nonce = Arrays.copyOf(all, NONCE_BYTES);
            byte[] bound = place.getBytes(StandardCharsets.UTF_8);
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, bound);
            return new String(
                    cipher.doFinal(all, NONCE_BYTES, Math.max(0, all.length - NONCE_BYTES)),
                    StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new CannotOpen("A sealed secret does not open: it was changed or moved.");
        }
    }

    private static Cipher cipher(int mode, Key key, byte[] nonce, byte[] place)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key.cipher(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place);
        return cipher;
    }
}
