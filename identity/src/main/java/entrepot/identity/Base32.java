package entrepot.identity;

import java.util.random.RandomGenerator;

/** Numbers as letters and digits that sort as the numbers do and are not mistaken when read out. */
final class Base32 {

    /** Crockford's alphabet, in lower case: without i, l, o and u. */
    private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();

    private Base32() {}

    /** The lowest {@code 5 * digits} bits of a number. */
    static void append(StringBuilder into, long number, int digits) {
        for (int shift = 5 * (digits - 1); shift >= 0; shift -= 5) {
            into.append(DIGITS[(int) (number >>> shift) & 31]);
        }
    }

    static void appendRandom(StringBuilder into, RandomGenerator random, int digits) {
        for (int left = digits; left > 0; left -= 12) {
            append(into, random.nextLong(), Math.min(left, 12));
        }
    }
}
