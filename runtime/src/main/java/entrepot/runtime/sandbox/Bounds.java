package entrepot.runtime.sandbox;

/**
 * What one command may use.
 *
 * @param memoryBytes of private memory of each of its processes
 * @param processesMax processes and threads at once
 * @param diskBytes what its workspace may hold, and each file in it
 * @param millis how long it may run
 * @param cpuSeconds of each of its processes
 */
public record Bounds(
        long memoryBytes, int processesMax, long diskBytes, long millis, long cpuSeconds) {

    public Bounds {
        if (memoryBytes < 1 << 20 || processesMax < 1 || diskBytes < 1 || millis < 1) {
            throw new IllegalArgumentException("every bound of a command must leave some room");
        }
    }

    public Bounds withMillis(long now) {
        return new Bounds(memoryBytes, processesMax, diskBytes, now, cpuSeconds);
    }
}
