package org.dti4j.run;

import java.util.SortedMap;

/** What a run needs to know of the machine and the program that it runs in; the library asks neither clock nor environment itself. */
public interface Host {
    /** Nanoseconds of a clock that only goes forward. */
    long nanoTime();

    /** The most memory that the process has held so far, in bytes; 0 if it cannot be told. */
    long peakResidentBytes();

    /** The memory that the process holds or could get, in bytes: what the machine has free, or less if it is limited; 0 if it cannot be told. */
    long memoryBytes();

    /** Version, commit, machine, libraries: what provenance keeps. */
    SortedMap<String, String> facts();
}
