package entrepot.store.notices;

/**
 * Short words to every process on the same database. Only ever a hint: a word may be lost, may come
 * twice and may come late, so whoever listens also looks for itself from time to time.
 */
public interface Notices extends AutoCloseable {

    /** Said by the listener's own side when words may have been missed: look everywhere. */
    String ANYTHING = "";

    /** As long as a word may be, in UTF-8 bytes. */
    int WORD_BYTES_MAX = 1_000;

    /** Where there is no other process. */
    Notices NONE =
            new Notices() {
                @Override
                public void tell(String word) {}

                @Override
                public void close() {}
            };

    /**
     * Tells the others, in a moment and together with other words; the same word is then told once.
     * Returns at once.
     *
     * @param word of one line
     */
    void tell(String word);

    @Override
    void close();
}
