package entrepot.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processor time of a process and its children, as the Linux kernel counts it. */
final class ProcessTime {

    /** USER_HZ: fixed at 100 for programs on every Linux (proc(5)). */
    private static final long MICROS_PER_TICK = 10_000;

    private ProcessTime() {}

    /** User and system time of a process and of all it started, in microseconds. */
    static long micros(ProcessHandle process) {
        long own = own(process.pid());
        return own + process.descendants().mapToLong(child -> own(child.pid())).sum();
    }

    /**
     * The part of it that a Java virtual machine spends on compiling. It ends when all that is used
     * often has been compiled; until then a program costs more than it will.
     */
    static long compilerMicros(ProcessHandle process) {
        long sum = 0;
        try (var threads = Files.newDirectoryStream(proc(process.pid()).resolve("task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.contains("(C1 Compiler") || stat.contains("(C2 Compiler")) {
                    sum += micros(stat);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("process " + process.pid() + " has no threads", e);
        }
        return sum;
    }

    private static long own(long pid) {
        try {
            return micros(Files.readString(proc(pid).resolve("stat")));
        } catch (IOException e) {
            throw new UncheckedIOException("process " + pid + " has no processor time", e);
        }
    }

    private static Path proc(long pid) {
        return Path.of("/proc", Long.toString(pid));
    }

    private static long micros(String stat) {
        // The command in parentheses may hold blanks; what follows it is regular.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
    }
}
