package org.dti4j.spark;

import java.util.HashMap;
import java.util.Map;
import org.dti4j.run.ClickScorer;

/** The models of a process, one for each run folder, opened when a task first asks and kept for the process's life. */
final class Models {
    private static final Map<String, ClickScorer> OPEN = new HashMap<>();

    private Models() {}

    /**
     * The model of a run.
     *
     * @param run the folder of a finished run, on any file system of Hadoop's; weights of a local folder are mapped, so that processes of one
     *     machine share their pages
     */
    static ClickScorer of(String run) {
        synchronized (OPEN) {
            return OPEN.computeIfAbsent(run, Models::open);
        }
    }

    private static ClickScorer open(String run) {
        // weights are mapped by then: a copy's space on the disk is given back when the process ends
        try (LocalFolder folder = LocalFolder.of(run)) {
            return ClickScorer.load(folder.path(), TaskDevice::of, System::nanoTime);
        }
    }
}
