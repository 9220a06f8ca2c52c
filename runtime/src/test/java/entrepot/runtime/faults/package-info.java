/**
 * Real processes that are killed at a chosen write of the journal, at a chosen use of a tool, or
 * from outside, thousands of times, and the laws that hold all the same. A {@link
 * entrepot.runtime.faults.Worker} is a process: a runtime, its clients and the world its tools
 * change. A {@link entrepot.runtime.faults.Sweep} starts it, kills it and starts it again. Begin
 * with {@link entrepot.runtime.faults.FaultSweepTest}.
 */
@NullMarked
package entrepot.runtime.faults;

import org.jspecify.annotations.NullMarked;
