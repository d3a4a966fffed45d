package org.dti4j.spark;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.dti4j.run.ClickScorer;
import org.jspecify.annotations.Nullable;

/**
 * The models of a process, opened when a task first asks: one for each run folder, its content, and GPU that a task may be given. They stay for
 * the tasks to come; one whose folder was trained anew is closed when the tasks that use it have ended.
 */
final class Models {
    private static final Map<Key, Open> OPEN = new HashMap<>();

    /** @param device where a task computes if the run asks for any GPU */
    private record Key(FinishedRun run, String device) {
        boolean replaces(Key other) {
            return run.folder().equals(other.run.folder()) && !run.equals(other.run) && device.equals(other.device);
        }
    }

    /** A model, and the tasks that use it. */
    private static final class Open {
        private final ClickScorer scorer;
        private final Set<Long> tasks = new HashSet<>();
        private boolean replaced;

        Open(ClickScorer scorer) {
            this.scorer = scorer;
        }

        private void closeIfUnused() {
            if (replaced && tasks.isEmpty()) {
                scorer.close();
            }
        }
    }

    private Models() {}

    /**
     * The model of a run, for the task that asks until it ends.
     *
     * @param run weights of a local folder are mapped, so that processes of one machine share their pages
     * @throws org.dti4j.problem.UserException if the folder's content is not what it was
     */
    static ClickScorer of(FinishedRun run) {
        Key key = new Key(run, TaskDevice.of("cuda"));
        synchronized (OPEN) {
            Open open = OPEN.get(key);
            if (open == null) {
                open = new Open(load(run));
                replace(key);
                OPEN.put(key, open);
            }
            useUntilTheTaskEnds(open, TaskContext.get());
            return open.scorer;
        }
    }

    private static ClickScorer load(FinishedRun run) {
        // weights are mapped when this returns: a copy's space on the disk is given back when the model is closed
        try (LocalFolder folder = LocalFolder.of(run.folder())) {
            run.requireSame(folder.path());
            return ClickScorer.load(folder.path(), TaskDevice::of, System::nanoTime);
        }
    }

    private static void replace(Key young) {
        for (Iterator<Map.Entry<Key, Open>> all = OPEN.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Key, Open> old = all.next();
            if (young.replaces(old.getKey())) {
                all.remove();
                old.getValue().replaced = true;
                old.getValue().closeIfUnused();
            }
        }
    }

    /** A stream's task asks once for each user. */
    private static void useUntilTheTaskEnds(Open open, @Nullable TaskContext task) {
        if (task != null && open.tasks.add(task.taskAttemptId())) {
            task.addTaskCompletionListener((TaskCompletionListener) ended -> {
                synchronized (OPEN) {
                    open.tasks.remove(task.taskAttemptId());
                    open.closeIfUnused();
                }
            });
        }
    }
}
