package org.dti4j.progress;

/** Where long work reports how far it is; the command line draws a bar, a service may ignore it. */
public interface Progress {
    /** Ignores everything. */
    Progress SILENT = (name, total) -> new Task() {
        @Override
        public void advance(long units) {}

        @Override
        public void note(String state) {}

        @Override
        public void close() {}
    };

    /**
     * Begins a task.
     *
     * @param name what is being done, for instance {@code "training, epoch 1"}
     * @param total how many units it will take, or -1 when unknown
     */
    Task begin(String name, long total);

    /** One running task; closing it ends it, whether or not it reached its total. */
    interface Task extends AutoCloseable {
        void advance(long units);

        /** A short state to show beside the rate, for instance the loss. */
        void note(String state);

        @Override
        void close();
    }
}
