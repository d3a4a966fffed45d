package org.dti4j.spark;

import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.jspecify.annotations.Nullable;

/** Where a task computes. */
final class TaskDevice {
    private static final String GPU = "gpu"; // spark.task.resource.gpu.amount

    private TaskDevice() {}

    /**
     * The GPU that Spark gave to this task, if it gave one and the run asks for any.
     *
     * @param device {@code model.device}
     */
    static String of(String device) {
        TaskContext task = TaskContext.get();
        @Nullable
        ResourceInformation given = task == null ? null : task.resourcesJMap().get(GPU);
        return given == null || !device.equals("cuda") ? device : "cuda:" + given.addresses()[0];
    }
}
