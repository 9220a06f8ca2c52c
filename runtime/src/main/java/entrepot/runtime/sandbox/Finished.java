package entrepot.runtime.sandbox;

/**
 * How a command ended.
 *
 * @param exitCode of the command; 128 and the signal's number when one ended it
 * @param output what it wrote to both of its outputs, with the middle left out when it is long
 * @param bytes the same as it came
 * @param omittedBytes how much is left out
 */
public record Finished(
        Ending ending, int exitCode, String output, byte[] bytes, long omittedBytes, long millis) {

    /** Why it ended. */
    public enum Ending {
        EXITED,
        /** It was killed after its time. */
        TIMED_OUT,
        /** It was killed because its workspace held too much. */
        DISK_FULL
    }

    public boolean isGood() {
        return ending == Ending.EXITED && exitCode == 0;
    }
}
